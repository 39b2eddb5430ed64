#include "initscan/policy/combine.h"

#include "common/time/rfc3339.h"

#include <algorithm>
#include <limits>

namespace initscan {
namespace {

Reaction stricter(Reaction a, Reaction b) {
  return std::max(a, b);
}

// Those of the cluster that the namespace names, too; all where it says nothing.
void narrow(std::optional<std::vector<std::string>>& cluster, const std::optional<std::vector<std::string>>& wanted) {
  if (!cluster || !wanted) return;
  std::erase_if(*cluster, [&](const std::string& image) {
    return std::find(wanted->begin(), wanted->end(), image) == wanted->end();
  });
}

}  // namespace

Policy mildest() {
  Policy policy;
  policy.unknown_severity = policy.on_unreadable = policy.on_incomplete = policy.on_no_data = Reaction::warn;
  policy.on_nothing_found = policy.on_unmatched = policy.on_stale_data = policy.on_end_of_life = Reaction::allow;
  policy.stale_after_days = std::numeric_limits<std::int64_t>::max();
  policy.only_fixed = true;
  return policy;
}

Policy stricter(Policy cluster, const Policy& namespace_) {
  cluster.fail_on = std::min(cluster.fail_on, namespace_.fail_on);
  cluster.unknown_severity = stricter(cluster.unknown_severity, namespace_.unknown_severity);
  cluster.only_fixed = cluster.only_fixed && namespace_.only_fixed;
  cluster.on_unreadable = stricter(cluster.on_unreadable, namespace_.on_unreadable);
  cluster.on_incomplete = stricter(cluster.on_incomplete, namespace_.on_incomplete);
  cluster.on_no_data = stricter(cluster.on_no_data, namespace_.on_no_data);
  cluster.on_nothing_found = stricter(cluster.on_nothing_found, namespace_.on_nothing_found);
  cluster.on_unmatched = stricter(cluster.on_unmatched, namespace_.on_unmatched);
  cluster.on_stale_data = stricter(cluster.on_stale_data, namespace_.on_stale_data);
  cluster.stale_after_days = std::min(cluster.stale_after_days, namespace_.stale_after_days);
  cluster.on_end_of_life = stricter(cluster.on_end_of_life, namespace_.on_end_of_life);
  cluster.require_digest = stricter(cluster.require_digest, namespace_.require_digest);
  narrow(cluster.debug_images, namespace_.debug_images);
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
