#include "audit/check/question.h"
#include "common/names.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

bool has_mount(const Pod& pod) {
  return std::any_of(pod.containers.begin(), pod.containers.end(), [](const Container& container) {
    return std::any_of(container.mounts.begin(), container.mounts.end(),
                       [](const Mount& mount) { return mount.path == names::kTokenMount; });
  });
}

// The need is that the pod asks for it. What its service account and the API server do unasked is no need.
Answer service_account_token(const PodSubject& subject) {
  const auto& [pod, context] = subject;
  const std::string path = "spec.automountServiceAccountToken";
  const std::string account = pod.service_account.empty() ? "default" : pod.service_account;
  const std::string complaint =
      "the token of service account " + account + " is mounted, although the pod did not ask for it";
  if (pod.automount_token) return pass(*pod.automount_token ? "true (pod)" : "false (pod)", path);

  const bool is_admitted = !pod.uid.empty();
  if (is_admitted) return has_mount(pod) ? fail("mounted (not set)", path, complaint) : pass("not mounted", path);

  const auto& accounts = context.cluster.token_automount;
  if (!accounts) {
    return unknown(path, "the pod does not say whether it wants a token, and its service account " + account +
                             " could not be read: " + accounts.why_not);
  }
  const auto found = accounts->find({pod.namespace_, account});
  if (found != accounts->end() && !found->second) {
    return pass("false (service account)", "ServiceAccount/" + account + ".automountServiceAccountToken");
  }
  return fail("true (not set)", path, complaint);
}

constexpr std::array kQuestions{ask_pod("service-account-token", service_account_token)};

}  // namespace

std::span<const Question> token_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
