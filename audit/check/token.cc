#include "audit/check/question.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

// Where the API server mounts it when it admits the pod.
constexpr std::string_view kMountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

bool has_mount(const Pod& pod) {
  return std::any_of(pod.containers.begin(), pod.containers.end(), [](const Container& container) {
    return std::any_of(container.mounts.begin(), container.mounts.end(),
                       [](const Mount& mount) { return mount.path == kMountPath; });
  });
}

// The need is that somebody asked for it: the pod, or its service account.
Answer service_account_token(const PodSubject& subject) {
  const auto& [pod, context] = subject;
  const std::string pod_path = "spec.automountServiceAccountToken";
  const std::string account = pod.service_account.empty() ? "default" : pod.service_account;
  if (pod.automount_token) return pass(*pod.automount_token ? "true (pod)" : "false (pod)", pod_path);

  const auto& accounts = context.cluster.token_automount;
  if (!accounts) {
    return unknown(pod_path, "the pod does not say whether it wants a token, and its service account " + account +
                                 " could not be read: " + accounts.why_not);
  }
  const std::string account_path = "ServiceAccount/" + account + " automountServiceAccountToken";
  const auto found = accounts->find({pod.namespace_, account});
  if (found != accounts->end()) {
    return pass(found->second ? "true (service account)" : "false (service account)", account_path);
  }
  // Admitted pods show what became of it; in a manifest it is still to come.
  if (!pod.uid.empty() && !has_mount(pod)) return pass("not mounted", pod_path);
  return fail("true (not set)", pod_path,
              "the token of service account " + account + " is mounted, though nobody asked for it");
}

constexpr std::array kQuestions{ask_pod("service-account-token", service_account_token)};

}  // namespace

std::span<const Question> token_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
