#include "audit/check/question.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

// What the pod's service account is to the API server: itself, and its groups.
std::vector<Holder> holders_of(const Pod& pod) {
  const std::string account = pod.service_account.empty() ? "default" : pod.service_account;
  return {{"ServiceAccount", pod.namespace_, account},
          {"Group", "", "system:serviceaccounts"},
          {"Group", "", "system:serviceaccounts:" + pod.namespace_},
          {"Group", "", "system:authenticated"}};
}

Answer detour_rights(const PodSubject& subject) {
  const auto& [pod, context] = subject;
  const ClusterFacts& cluster = context.cluster;
  if (!cluster.detours_are_asked) return skip("no roles and bindings were given");
  const std::string account = "ServiceAccount/" + (pod.service_account.empty() ? "default" : pod.service_account);
  if (!cluster.detours) {
    return unknown(account, "which rights its service account has is not known: " + cluster.detours.why_not);
  }
  std::string found;
  std::string evidence;
  for (const Holder& holder : holders_of(pod)) {
    const auto held = cluster.detours->find(holder);
    if (held == cluster.detours->end()) continue;
    for (const Detour& detour : held->second) {
      if (found.empty()) evidence = detour.binding;
      found += (found.empty() ? "" : "; ") + text_of(detour);
    }
  }
  if (found.empty()) return pass("none", account);
  return fail(found, std::move(evidence), "its service account holds rights that lead around the gate: " + found);
}

constexpr std::array kQuestions{ask_pod("detour-rights", detour_rights)};

}  // namespace

std::span<const Question> rights_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
