#include "audit/check/effective.h"
#include "audit/check/question.h"

#include <array>

namespace initscan::audit {
namespace {

std::string said(const std::string& what, Origin origin) {
  return what + " (" + std::string(to_string(origin)) + ')';
}

// Root by the manifest, or as far as the manifest cares; whether that is the node's root is still open.
Answer root(const ContainerSubject& subject, std::string value, std::string path, std::string message) {
  const auto& [container, pod, context] = subject;
  switch (has_user_namespace(pod, context.cluster)) {
    case Answered::no: return fail(std::move(value), std::move(path), std::move(message));
    case Answered::yes: return pass(value + " in a user namespace of its own", "spec.hostUsers");
    case Answered::unknown: break;
  }
  return unknown("spec.hostUsers", message +
                                       ", and whether its node heeds hostUsers: false is not known: only from "
                                       "Kubernetes 1.33 on it does without a feature gate");
}

Answer root_user(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (is_windows(pod, context.cluster)) return skip_on_windows();
  const auto user = user_of(container, pod);
  const auto non_root = non_root_of(container, pod);
  const std::string user_path = security_path(container, "runAsUser", user.origin);
  const std::string non_root_path = security_path(container, "runAsNonRoot", non_root.origin);

  if (user.value && *user.value != 0) {
    return pass(said("uid " + std::to_string(*user.value), user.origin), user_path);
  }
  if (user.value && non_root.value == true) {
    return fail(said("uid 0", user.origin), user_path,
                "it asks for root and for runAsNonRoot at once, so it will not start again");
  }
  if (user.value) return root(subject, said("uid 0", user.origin), user_path, "it runs as root");
  if (non_root.value == true) {
    return pass(said("the image's user, who must not be root", non_root.origin), non_root_path);
  }
  return root(subject, "the image's user", non_root_path, "nothing keeps it from running as root: its image decides");
}

constexpr std::array kQuestions{ask_container("root-user", root_user)};

}  // namespace

std::span<const Question> user_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
