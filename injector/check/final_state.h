#pragma once

#include "injector/check/found.h"

namespace initscan {

/// The ValidatingAdmissionPolicy that demands what the injector makes.
CheckItem judge_final_state_policy(const Found& policy, const Installation& installation);

/// Whether a binding puts it in force, and whether that denies or only reports.
CheckItem judge_final_state_bindings(const FoundList& bindings, const Installation& installation);

/// The FinalState that it compares with: the injector's image and the policies that it has published.
CheckItem judge_final_state_parameters(const Found& parameters, const Installation& installation);

/// Whether `image` is one that pods may bring, and `policy_sha256` a policy for the namespace. `data` is the
/// FinalState's.
bool accepts_image(const nlohmann::json& data, const std::string& image);
bool accepts_policy(const nlohmann::json& data, const std::string& space, const std::string& policy_sha256);

}  // namespace initscan
