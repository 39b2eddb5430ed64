#include "audit/check/pss/allowed.h"
#include "audit/check/pss/controls.h"
#include "audit/check/pss/setters.h"

namespace initscan::audit::pss {
namespace {

constexpr std::string_view kAppArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";
constexpr std::string_view kPodSeccompAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
constexpr std::string_view kSeccompAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

// Fields of profiles replaced the annotations in 1.19.
std::string seccomp_annotations(const Pod& pod) {
  Setters bad;
  const auto look_at = [&](const std::string& key) {
    const auto found = pod.annotations.find(key);
    if (found == pod.annotations.end()) return;
    const std::string& value = found->second;
    if (value == "runtime/default" || value == "docker/default" || value.starts_with("localhost/")) return;
    bad.pod();
    bad.what(key + '=' + value);
  };
  look_at(std::string(kPodSeccompAnnotation));
  for (const Container& c : pod.containers) look_at(std::string(kSeccompAnnotation) + c.name);
  return bad.sentence("sets by annotation");
}

}  // namespace

std::string app_armor_profile(const Pod& pod, PssVersion) {
  Setters bad;
  const auto is_bad = [&](const SecurityContext& security) {
    if (!security.apparmor || is_valid_profile(security.apparmor->type)) return false;
    bad.what(security.apparmor->type);
    return true;
  };
  if (is_bad(pod.security)) bad.pod();
  for (const Container& c : pod.containers) {
    if (is_bad(c.security)) bad.container(c);
  }
  for (const auto& [key, value] : pod.annotations) {
    if (!key.starts_with(kAppArmorAnnotation)) continue;
    if (value.empty() || value == "runtime/default" || value.starts_with("localhost/")) continue;
    bad.pod();
    bad.what(key + '=' + value);
  }
  return bad.sentence("sets the AppArmor profile");
}

std::string capabilities_baseline(const Pod& pod, PssVersion) {
  Setters bad;
  for (const Container& c : pod.containers) {
    bool adds = false;
    for (const std::string& name : c.security.add_capabilities) {
      if (is_default_capability(name)) continue;
      bad.what(name);
      adds = true;
    }
    if (adds) bad.container(c);
  }
  return bad.sentence("adds");
}

std::string host_namespaces(const Pod& pod, PssVersion) {
  Setters bad;
  if (pod.host_network) bad.what("hostNetwork");
  if (pod.host_pid) bad.what("hostPID");
  if (pod.host_ipc) bad.what("hostIPC");
  if (pod.host_network || pod.host_pid || pod.host_ipc) bad.pod();
  return bad.sentence("sets");
}

std::string host_path_volumes(const Pod& pod, PssVersion) {
  Setters bad;
  for (const Volume& volume : pod.volumes) {
    if (volume.kind != "hostPath") continue;
    bad.pod();
    bad.what(volume.name);
  }
  return bad.sentence("has hostPath volumes");
}

std::string host_ports(const Pod& pod, PssVersion) {
  Setters bad;
  for (const Container& c : pod.containers) {
    if (!c.host_ports.empty()) bad.container(c);
    for (const std::int64_t port : c.host_ports) bad.what(std::to_string(port));
  }
  return bad.sentence("takes hostPort");
}

std::string handler_hosts(const Pod& pod, PssVersion) {
  Setters bad;
  for (const Container& c : pod.containers) {
    if (!c.handler_hosts.empty()) bad.container(c);
    for (const std::string& host : c.handler_hosts) bad.what(host);
  }
  return bad.sentence("names in a probe or lifecycle handler the host");
}

std::string privileged(const Pod& pod, PssVersion) {
  Setters bad;
  for (const Container& c : pod.containers) {
    if (c.security.privileged == true) bad.container(c);
  }
  return bad.sentence("is privileged");
}

std::string proc_mount_baseline(const Pod& pod, PssVersion version) {
  if (version.minor >= 35 && has_own_users(pod)) return {};
  return proc_mount_restricted(pod, version);
}

std::string seccomp_baseline(const Pod& pod, PssVersion version) {
  if (version.minor < 19) return seccomp_annotations(pod);
  Setters bad;
  const auto is_bad = [&](const SecurityContext& security) {
    if (!security.seccomp || is_valid_profile(security.seccomp->type)) return false;
    bad.what(security.seccomp->type);
    return true;
  };
  if (is_bad(pod.security)) bad.pod();
  for (const Container& c : pod.containers) {
    if (is_bad(c.security)) bad.container(c);
  }
  return bad.sentence("sets the seccomp profile");
}

std::string selinux_options(const Pod& pod, PssVersion version) {
  Setters bad;
  const auto is_bad = [&](const SecurityContext& security) {
    if (!security.selinux) return false;
    const SeLinuxOptions& options = *security.selinux;
    const bool type_is_bad = !is_confined_selinux_type(options.type, version);
    if (type_is_bad) bad.what("type " + options.type);
    if (!options.user.empty()) bad.what("a user");
    if (!options.role.empty()) bad.what("a role");
    return type_is_bad || !options.user.empty() || !options.role.empty();
  };
  if (is_bad(pod.security)) bad.pod();
  for (const Container& c : pod.containers) {
    if (is_bad(c.security)) bad.container(c);
  }
  return bad.sentence("sets in seLinuxOptions");
}

std::string sysctls(const Pod& pod, PssVersion version) {
  Setters bad;
  for (const std::string& name : pod.security.sysctls) {
    if (is_safe_sysctl(name, version)) continue;
    bad.pod();
    bad.what(name);
  }
  return bad.sentence("sets");
}

std::string windows_host_process(const Pod& pod, PssVersion) {
  Setters bad;
  if (pod.security.host_process == true) bad.pod();
  for (const Container& c : pod.containers) {
    if (c.security.host_process == true) bad.container(c);
  }
  return bad.sentence("sets windowsOptions.hostProcess");
}

}  // namespace initscan::audit::pss
