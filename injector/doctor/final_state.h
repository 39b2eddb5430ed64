#pragma once

#include "common/names.h"
#include "injector/doctor/found.h"

#include <string>
#include <vector>

namespace initscan::injector {

// What the final-state policy compares pods with: one object, of the kind that the policy names; without a policy, of
// the kind that the injector maintains.
struct ParameterKind {
  std::string group = names::kGroup;  // "": the core group
  std::string version = names::kVersion;
  std::string kind = "FinalState";

  std::string resource() const;  // "finalstates"
  std::string path(const std::string& namespace_name, const std::string& name) const;
};
ParameterKind parameter_kind_of(const nlohmann::json& policy);

/// The ValidatingAdmissionPolicy that demands what the injector makes.
CheckItem judge_final_state_policy(const Found& policy, const Installation& installation);

/// The form without one: a validating webhook that asks the injector.
bool demands_by_webhook(const nlohmann::json& validating);

/// Whether a binding puts it in force, and whether that denies or only reports.
CheckItem judge_final_state_bindings(const FoundList& bindings, const Installation& installation);

// A policy that needs nothing but the request, by its name, and what it keeps people from.
struct Guard {
  const char* policy;
  const char* purpose;
};
inline constexpr Guard kGuards[] = {{names::kConnectPolicy, "commands can run in the scanner's containers"},
                                    {names::kNamespacesPolicy, "tenants can remove their namespaces' labels"}};

/// Whether each of kGuards is there (`policies`, in that order) and denies.
CheckItem judge_guards(const std::vector<Found>& policies, const FoundList& bindings);

/// The same of the form without policies: an entry of the validating webhook for each.
CheckItem judge_guarding_webhook(const nlohmann::json& validating);

/// What it compares with: the injector's image and the policies that it has published.
CheckItem judge_final_state_parameters(const Found& parameters, const ParameterKind& kind,
                                       const Installation& installation);

/// Whether `image` is one that pods may bring, and `policy_sha256` a policy for the namespace. `data` is that of
/// the parameters.
bool accepts_image(const nlohmann::json& data, const std::string& image);
bool accepts_policy(const nlohmann::json& data, const std::string& namespace_name, const std::string& policy_sha256);

}  // namespace initscan::injector
