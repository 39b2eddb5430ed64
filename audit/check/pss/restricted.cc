#include "audit/check/pss/controls.h"
#include "audit/check/pss/setters.h"

#include <algorithm>
#include <array>

namespace initscan::audit::pss {
namespace {

constexpr std::array<std::string_view, 10> kVolumes{"configMap", "csi",   "downwardAPI", "emptyDir",
                                                    "ephemeral", "image", "secret",      "persistentVolumeClaim",
                                                    "projected", ""};

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// From v1.25 on pods that say that they are Windows' are let off what only Linux has.
bool is_let_off(const Pod& pod, PssVersion version) {
  return version.minor >= 25 && pod.os == "windows";
}

}  // namespace

std::string allow_privilege_escalation(const Pod& pod, PssVersion version) {
  if (is_let_off(pod, version)) return {};
  Setters bad;
  for (const Container& c : pod.containers) {
    if (c.security.allow_privilege_escalation != false) bad.container(c);
  }
  return bad.sentence("does not set allowPrivilegeEscalation: false");
}

std::string capabilities_restricted(const Pod& pod, PssVersion version) {
  if (is_let_off(pod, version)) return {};
  Setters keeps;
  Setters adds;
  for (const Container& c : pod.containers) {
    if (!contains(c.security.drop_capabilities, "ALL")) keeps.container(c);
    bool added = false;
    for (const std::string& name : c.security.add_capabilities) {
      if (name == "NET_BIND_SERVICE") continue;
      adds.what(name);
      added = true;
    }
    if (added) adds.container(c);
  }
  const std::string first = keeps.sentence("does not drop ALL");
  const std::string second = adds.sentence("adds");
  return first + (first.empty() || second.empty() ? "" : "; ") + second;
}

std::string proc_mount_restricted(const Pod& pod, PssVersion) {
  Setters bad;
  for (const Container& c : pod.containers) {
    if (c.security.proc_mount.empty() || c.security.proc_mount == "Default") continue;
    bad.container(c);
    bad.what(c.security.proc_mount);
  }
  return bad.sentence("sets procMount");
}

std::string restricted_volumes(const Pod& pod, PssVersion) {
  Setters bad;
  for (const Volume& volume : pod.volumes) {
    if (std::find(kVolumes.begin(), kVolumes.end(), volume.kind) != kVolumes.end()) continue;
    bad.pod();
    bad.what(volume.name + " (" + volume.kind + ')');
  }
  return bad.sentence("has volumes of restricted kinds");
}

std::string run_as_non_root(const Pod& pod, PssVersion version) {
  if (version.minor >= 35 && has_own_users(pod)) return {};
  Setters forbids;  // says false itself: wrong even if nothing inherits it
  Setters silent;
  if (pod.security.run_as_non_root == false) forbids.pod();
  for (const Container& c : pod.containers) {
    if (c.security.run_as_non_root == false) forbids.container(c);
    if (!c.security.run_as_non_root && pod.security.run_as_non_root != true) silent.container(c);
  }
  return forbids.empty() ? silent.sentence("does not set runAsNonRoot: true")
                         : forbids.sentence("sets runAsNonRoot: false");
}

std::string run_as_user(const Pod& pod, PssVersion version) {
  if (version.minor >= 35 && has_own_users(pod)) return {};
  Setters bad;
  if (pod.security.run_as_user == 0) bad.pod();
  for (const Container& c : pod.containers) {
    if (c.security.run_as_user == 0) bad.container(c);
  }
  return bad.sentence("sets runAsUser: 0");
}

std::string seccomp_restricted(const Pod& pod, PssVersion version) {
  if (is_let_off(pod, version)) return {};
  if (std::string bad = seccomp_baseline(pod, version); !bad.empty()) return bad;
  if (pod.security.seccomp) return {};
  Setters silent;
  for (const Container& c : pod.containers) {
    if (!c.security.seccomp) silent.container(c);
  }
  return silent.sentence("does not set a seccomp profile");
}

}  // namespace initscan::audit::pss
