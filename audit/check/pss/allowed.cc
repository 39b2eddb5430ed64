#include "audit/check/pss/allowed.h"

#include <algorithm>
#include <array>

namespace initscan::audit::pss {
namespace {

constexpr std::array<std::string_view, 13> kCapabilities{
    "AUDIT_WRITE",      "CHOWN",   "DAC_OVERRIDE", "FOWNER",  "FSETID", "KILL",      "MKNOD",
    "NET_BIND_SERVICE", "SETFCAP", "SETGID",       "SETPCAP", "SETUID", "SYS_CHROOT"};

struct Since {
  std::string_view name;
  int minor;
};

constexpr std::array<Since, 12> kSysctls{{
    {"kernel.shm_rmid_forced", 0},
    {"net.ipv4.ip_local_port_range", 0},
    {"net.ipv4.tcp_syncookies", 0},
    {"net.ipv4.ping_group_range", 0},
    {"net.ipv4.ip_unprivileged_port_start", 0},
    {"net.ipv4.ip_local_reserved_ports", 27},
    {"net.ipv4.tcp_keepalive_time", 29},
    {"net.ipv4.tcp_fin_timeout", 29},
    {"net.ipv4.tcp_keepalive_intvl", 29},
    {"net.ipv4.tcp_keepalive_probes", 29},
    {"net.ipv4.tcp_rmem", 32},
    {"net.ipv4.tcp_wmem", 32},
}};

constexpr std::array<Since, 5> kSeLinuxTypes{
    {{"", 0}, {"container_t", 0}, {"container_init_t", 0}, {"container_kvm_t", 0}, {"container_engine_t", 31}}};

template <std::size_t N>
bool allows(const std::array<Since, N>& list, std::string_view name, PssVersion version) {
  return std::any_of(list.begin(), list.end(),
                     [&](const Since& since) { return since.name == name && version.minor >= since.minor; });
}

}  // namespace

bool is_default_capability(std::string_view name) {
  return std::find(kCapabilities.begin(), kCapabilities.end(), name) != kCapabilities.end();
}

bool is_safe_sysctl(std::string_view name, PssVersion version) {
  return allows(kSysctls, name, version);
}

bool is_confined_selinux_type(std::string_view type, PssVersion version) {
  return allows(kSeLinuxTypes, type, version);
}

}  // namespace initscan::audit::pss
