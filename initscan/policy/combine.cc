#include "initscan/policy/combine.h"

#include "common/time/rfc3339.h"
#include "initscan/policy/fields.h"

#include <algorithm>
#include <limits>
#include <type_traits>

namespace initscan {
namespace {

// One for each kind of field: the stricter of two values in the first of them, and the value that asks for nothing.
void tighten(const SeverityField&, Severity& cluster, Severity wanted) {
  cluster = std::min(cluster, wanted);
}
void tighten(const ReactionField&, Reaction& cluster, Reaction wanted) {
  cluster = std::max(cluster, wanted);
}
void tighten(const UnavailableField&, Unavailable& cluster, Unavailable wanted) {
  cluster = std::max(cluster, wanted);
}
void tighten(const ShareField&, std::optional<double>& cluster, std::optional<double> wanted) {
  if (wanted && (!cluster || *wanted < *cluster)) cluster = wanted;
}
void tighten(const BoolField&, bool& cluster, bool wanted) {
  cluster = cluster && wanted;
}
void tighten(const NumberField&, std::int64_t& cluster, std::int64_t wanted) {
  cluster = std::min(cluster, wanted);
}
// Those of the cluster that the namespace names, too; all where it says nothing.
void tighten(const ImagesField&, std::optional<std::vector<std::string>>& cluster,
             const std::optional<std::vector<std::string>>& wanted) {
  if (!cluster || !wanted) return;
  std::erase_if(*cluster, [&](const std::string& image) {
    return std::find(wanted->begin(), wanted->end(), image) == wanted->end();
  });
}

Severity mildest_of(const SeverityField&) {
  return Severity::critical;
}
Reaction mildest_of(const ReactionField& field) {
  return field.mildest;
}
Unavailable mildest_of(const UnavailableField&) {
  return Unavailable::allow;
}
std::optional<double> mildest_of(const ShareField&) {
  return std::nullopt;
}
bool mildest_of(const BoolField&) {
  return true;
}
// Milder than any that can be said.
std::int64_t mildest_of(const NumberField&) {
  return std::numeric_limits<std::int64_t>::max();
}
std::optional<std::vector<std::string>> mildest_of(const ImagesField&) {
  return std::nullopt;
}

// Visits what a namespace may say.
template <class Visit>
void for_each_shared_field(Visit visit) {
  for_each_policy_field([&](const auto& field) {
    using Field = std::remove_cvref_t<decltype(field)>;
    if constexpr (Field::kWhose == Whose::stricter) visit(field);
  });
}

}  // namespace

Policy mildest() {
  Policy policy;
  for_each_shared_field([&](const auto& field) { policy.*field.member = mildest_of(field); });
  return policy;
}

Policy stricter(Policy cluster, const Policy& namespace_) {
  for_each_shared_field([&](const auto& field) { tighten(field, cluster.*field.member, namespace_.*field.member); });
  return cluster;
}

std::optional<std::string> add_exemption(Policy& policy, Exemption exemption, std::chrono::sys_seconds made,
                                         const ExemptionRules& rules) {
  if (!rules.allowed) return "the policy \"" + policy.name + "\" does not let namespaces exempt anything";
  const auto end = parse_rfc3339(exemption.expires_at);
  if (!end) return "expiresAt: " + end.error().text;
  if (*end - made > rules.longest) {
    return "it lasts longer than the " + std::to_string(rules.longest.count()) + " days that the policy \"" +
           policy.name + "\" allows";
  }
  exemption.max_severity = std::min(exemption.max_severity, rules.max_severity);
  policy.ignore.push_back(std::move(exemption));
  return std::nullopt;
}

}  // namespace initscan
