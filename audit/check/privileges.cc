#include "audit/check/effective.h"
#include "audit/check/question.h"

#include <array>

namespace initscan::audit {
namespace {

std::string spoken(const std::optional<bool>& flag, std::string_view otherwise) {
  return std::string(flag ? (*flag ? "true" : "false") : otherwise);
}

Answer privileged(const ContainerSubject& subject) {
  const std::string path = security_path(subject.container, "privileged");
  const std::string value = spoken(subject.container.security.privileged, "false (not set)");
  if (!is_privileged(subject.container)) return pass(value, path);
  return fail(value, path, "it is privileged");
}

Answer host_process(const ContainerSubject& subject) {
  const std::optional<bool>& own = subject.container.security.host_process;
  const std::optional<bool>& effective = own ? own : subject.pod.security.host_process;
  const std::string path = security_path(subject.container, "windowsOptions.hostProcess",
                                         own || !effective ? Origin::container : Origin::pod);
  const std::string value = spoken(effective, "false (not set)");
  if (effective != true) return pass(value, path);
  return fail(value, path, "it runs as a process of the Windows host");
}

Answer privilege_escalation(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (is_windows(pod, context.cluster)) return skip_on_windows();
  const std::string path = security_path(container, "allowPrivilegeEscalation");
  if (is_privileged(container)) {
    return fail("true (privileged)", security_path(container, "privileged"),
                "its processes can gain privileges, because it is privileged");
  }
  if (has_capability(container, "SYS_ADMIN", {}) == Answered::yes) {
    return fail("true (SYS_ADMIN)", security_path(container, "capabilities.add"),
                "its processes can gain privileges, because it has SYS_ADMIN");
  }
  const std::optional<bool>& own = container.security.allow_privilege_escalation;
  const std::string value = spoken(own, "true (not set)");
  if (own == false) return pass(value, path);
  return fail(value, path, "its processes can gain privileges by set-user-ID programs");
}

constexpr std::array kQuestions{
    ask_container("privileged", privileged),
    ask_container("host-process", host_process),
    ask_container("privilege-escalation", privilege_escalation),
};

}  // namespace

std::span<const Question> privileges_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
