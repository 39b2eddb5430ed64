#include "audit/check/pss/standard.h"

#include "audit/check/pss/controls.h"
#include "common/text/whole_number.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

struct Row {
  std::string_view name;
  PssLevel level;
  int since;                    // minor version
  std::string_view supersedes;  // the control of baseline that it makes superfluous
  std::string (*complaint)(const Pod&, PssVersion);
};

constexpr PssLevel B = PssLevel::baseline;
constexpr PssLevel R = PssLevel::restricted;

constexpr std::array<Row, 19> kControls{{
    {"appArmorProfile", B, 0, "", pss::app_armor_profile},
    {"capabilities_baseline", B, 0, "", pss::capabilities_baseline},
    {"hostNamespaces", B, 0, "", pss::host_namespaces},
    {"hostPathVolumes", B, 0, "", pss::host_path_volumes},
    {"hostPorts", B, 0, "", pss::host_ports},
    {"hostProbesAndHostLifecycle", B, 34, "", pss::handler_hosts},
    {"privileged", B, 0, "", pss::privileged},
    {"procMount", B, 0, "", pss::proc_mount_baseline},
    {"seLinuxOptions", B, 0, "", pss::selinux_options},
    {"seccompProfile_baseline", B, 0, "", pss::seccomp_baseline},
    {"sysctls", B, 0, "", pss::sysctls},
    {"windowsHostProcess", B, 0, "", pss::windows_host_process},
    {"allowPrivilegeEscalation", R, 8, "", pss::allow_privilege_escalation},
    {"capabilities_restricted", R, 22, "capabilities_baseline", pss::capabilities_restricted},
    {"procMount_restricted", R, 35, "procMount", pss::proc_mount_restricted},
    {"restrictedVolumes", R, 0, "hostPathVolumes", pss::restricted_volumes},
    {"runAsNonRoot", R, 0, "", pss::run_as_non_root},
    {"runAsUser", R, 23, "", pss::run_as_user},
    {"seccompProfile_restricted", R, 19, "seccompProfile_baseline", pss::seccomp_restricted},
}};

bool applies(const Row& row, PssLevel level, PssVersion version) {
  if (row.level > level || row.since > version.minor) return false;
  return std::none_of(kControls.begin(), kControls.end(), [&](const Row& other) {
    return other.supersedes == row.name && other.level <= level && other.since <= version.minor;
  });
}

}  // namespace

std::optional<PssLevel> parse_pss_level(std::string_view text) {
  for (const PssLevel level : {PssLevel::privileged, PssLevel::baseline, PssLevel::restricted}) {
    if (to_string(level) == text) return level;
  }
  return std::nullopt;
}

std::optional<PssVersion> parse_pss_version(std::string_view text) {
  constexpr std::string_view kMajor = "v1.";
  if (text == "latest") return kLatestPss;
  if (!text.starts_with(kMajor)) return std::nullopt;
  text.remove_prefix(kMajor.size());
  if (text.empty() || text.size() > 6 || (text.size() > 1 && text[0] == '0')) return std::nullopt;

  const auto minor = whole_number<unsigned>(text);
  return minor ? std::optional(PssVersion{std::min(static_cast<int>(*minor), kLatestPss.minor)}) : std::nullopt;
}

std::vector<PssControl> evaluate_pss(const Pod& pod, PssLevel level, PssVersion version) {
  std::vector<PssControl> results;
  for (const Row& row : kControls) {
    if (!applies(row, level, version)) continue;
    std::string complaint = row.complaint(pod, version);
    const bool passed = complaint.empty();
    results.push_back({row.name, passed, std::move(complaint)});
  }
  return results;
}

}  // namespace initscan::audit
