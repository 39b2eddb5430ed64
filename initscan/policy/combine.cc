#include "initscan/policy/combine.h"

#include "common/rfc3339.h"

#include <algorithm>

namespace initscan {
namespace {

Reaction stricter(Reaction a, Reaction b) {
  return a == Reaction::deny ? a : b;
}

}  // namespace

Policy stricter(Policy cluster, const Policy& namespace_) {
  cluster.fail_on = std::min(cluster.fail_on, namespace_.fail_on);
  cluster.unknown_severity = stricter(cluster.unknown_severity, namespace_.unknown_severity);
  cluster.only_fixed = cluster.only_fixed && namespace_.only_fixed;
  cluster.on_unreadable = stricter(cluster.on_unreadable, namespace_.on_unreadable);
  cluster.on_incomplete = stricter(cluster.on_incomplete, namespace_.on_incomplete);
  cluster.on_no_data = stricter(cluster.on_no_data, namespace_.on_no_data);
  return cluster;
}

std::optional<std::string> add_exemption(Policy& policy, Exemption exemption, std::chrono::sys_seconds made,
                                         const ExemptionRules& rules) {
  if (!rules.allowed) return "the policy \"" + policy.name + "\" lets namespaces exempt nothing";
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
