#include "audit/check/effective.h"
#include "audit/check/pss/allowed.h"
#include "audit/check/question.h"

#include <array>

namespace initscan::audit {
namespace {

std::string spoken(const Effective<Profile>& profile) {
  std::string text = profile.value->type;
  if (!profile.value->localhost.empty()) text += ' ' + profile.value->localhost;
  return text + " (" + std::string(to_string(profile.origin)) + ')';
}

bool confines(const Profile& profile) {
  return profile.type == "RuntimeDefault" || profile.type == "Localhost";
}

Answer no_such_type(const Profile& profile, std::string path) {
  return unknown(std::move(path), "the audit does not know profiles of the type \"" + profile.type + '"');
}

Answer seccomp(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (is_windows(pod, context.cluster)) return skip_on_windows();
  if (is_privileged(container)) {
    return fail("Unconfined (privileged)", security_path(container, "privileged"),
                "no seccomp profile confines it, because it is privileged");
  }
  const auto profile = seccomp_of(container, pod);
  const std::string path = security_path(container, "seccompProfile", profile.origin);
  if (!profile.value) {
    return fail("Unconfined (not set)", path, "no seccomp profile is requested, so its kubelet decides");
  }
  if (confines(*profile.value)) return pass(spoken(profile), path);
  if (profile.value->type != "Unconfined") return no_such_type(*profile.value, path);
  return fail(spoken(profile), path, "no seccomp profile confines it");
}

Answer apparmor(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (is_windows(pod, context.cluster)) return skip_on_windows();
  const auto profile = apparmor_of(container, pod);
  const std::string path = security_path(container, "appArmorProfile", profile.origin);
  if (profile.value && profile.value->type == "Localhost") return pass(spoken(profile), path);
  if (is_privileged(container)) {
    return fail("Unconfined (privileged)", security_path(container, "privileged"),
                "no AppArmor profile confines it, because it is privileged");
  }
  if (!profile.value) return pass("the runtime's, where the node has AppArmor (not set)", path);
  if (confines(*profile.value)) return pass(spoken(profile), path);
  if (profile.value->type != "Unconfined") return no_such_type(*profile.value, path);
  return fail(spoken(profile), path, "no AppArmor profile confines it");
}

Answer selinux(const ContainerSubject& subject) {
  const auto& [container, pod, context] = subject;
  if (is_windows(pod, context.cluster)) return skip_on_windows();
  const auto options = selinux_of(container, pod);
  const std::string path = security_path(container, "seLinuxOptions", options.origin);
  if (!options.value) return pass("the runtime's (not set)", path);
  const auto& [user, role, type, level] = *options.value;
  const std::string value = user + ':' + role + ':' + type + ':' + level;
  if (!user.empty() || !role.empty()) return fail(value, path, "it sets a user or role of SELinux");
  if (pss::is_confined_selinux_type(type, kLatestPss)) return pass(value, path);
  return fail(value, path, "it runs with the SELinux type " + type);
}

constexpr std::array kQuestions{
    ask_container("seccomp", seccomp),
    ask_container("apparmor", apparmor),
    ask_container("selinux", selinux),
};

}  // namespace

std::span<const Question> profiles_questions() {
  return kQuestions;
}

}  // namespace initscan::audit
