#include "audit/check/effective.h"
#include "audit/check/pss/allowed.h"
#include "audit/check/question.h"

#include <array>

namespace initscan::audit {
namespace {

Answer proc_mount(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (is_windows(pod, context.cluster)) return skip_on_windows();
  const std::string path = security_path(container, "procMount");
  const std::string& type = container.security.proc_mount;
  if (type.empty() || type == "Default") return pass(type.empty() ? "Default (not set)" : type, path);
  if (type != "Unmasked") return unknown(path, "the audit does not know the procMount \"" + type + '"');
  switch (has_user_namespace(pod, context.cluster)) {
    case Answered::no: return fail(type, path, "its /proc is not masked");
    case Answered::yes: return pass(type + " in a user namespace of its own", path);
    case Answered::unknown: break;
  }
  return unknown(path,
                 "its /proc is not masked, and whether its node heeds hostUsers: false is not known: only from "
                 "Kubernetes 1.33 on it does without a feature gate");
}

Answer sysctls(const PodSubject& subject) {
  const auto& [pod, context] = subject;
  if (is_windows(pod, context.cluster)) return skip_on_windows();
  constexpr std::string_view kPath = "spec.securityContext.sysctls";
  // Later versions call more of them safe.
  const PssVersion version{minor_version_of(pod, context.cluster).value_or(kLatestPss.minor)};
  std::string unsafe;
  for (const std::string& name : pod.security.sysctls) {
    if (!pss::is_safe_sysctl(name, version)) unsafe += (unsafe.empty() ? "" : ", ") + name;
  }
  if (unsafe.empty()) return pass(std::to_string(pod.security.sysctls.size()) + " set", std::string(kPath));
  return fail(unsafe, std::string(kPath), "it sets kernel parameters that are not safe: " + unsafe);
}

constexpr std::array kQuestions{
    ask_container("proc-mount", proc_mount),
    ask_pod("sysctls", sysctls),
};

}  // namespace

std::span<const Question> kernel_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
