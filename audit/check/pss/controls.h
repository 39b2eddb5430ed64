#pragma once

#include "audit/check/pss/standard.h"

#include <string>

namespace initscan::audit::pss {

// A control says what is wrong with a pod, or "" where nothing is.

std::string app_armor_profile(const Pod& pod, PssVersion version);
std::string capabilities_baseline(const Pod& pod, PssVersion version);
std::string host_namespaces(const Pod& pod, PssVersion version);
std::string host_path_volumes(const Pod& pod, PssVersion version);
std::string host_ports(const Pod& pod, PssVersion version);
std::string handler_hosts(const Pod& pod, PssVersion version);
std::string privileged(const Pod& pod, PssVersion version);
std::string proc_mount_baseline(const Pod& pod, PssVersion version);
std::string seccomp_baseline(const Pod& pod, PssVersion version);
std::string selinux_options(const Pod& pod, PssVersion version);
std::string sysctls(const Pod& pod, PssVersion version);
std::string windows_host_process(const Pod& pod, PssVersion version);

std::string allow_privilege_escalation(const Pod& pod, PssVersion version);
std::string capabilities_restricted(const Pod& pod, PssVersion version);
std::string proc_mount_restricted(const Pod& pod, PssVersion version);
std::string restricted_volumes(const Pod& pod, PssVersion version);
std::string run_as_non_root(const Pod& pod, PssVersion version);
std::string run_as_user(const Pod& pod, PssVersion version);
std::string seccomp_restricted(const Pod& pod, PssVersion version);

}  // namespace initscan::audit::pss
