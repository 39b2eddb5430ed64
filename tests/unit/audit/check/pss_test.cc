#include "audit/check/pss/standard.h"
#include "tests/unit/audit/check/read_yaml.h"

#include <ostream>

#include <gmock/gmock.h>

namespace initscan::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr PssLevel B = PssLevel::baseline, R = PssLevel::restricted;

// What a control says at one version: "" passed, "-" not asked.
struct Case {
  std::string_view control;
  PssLevel level;
  std::string_view version;
  std::string_view pod;
  std::string_view want;
};

std::string answer(const Case& c) {
  const std::string head = c.pod.find("metadata:") == c.pod.npos ? "metadata: {name: p}\n" : "";
  const auto pod = read_pod_yaml(head + std::string(c.pod));
  const auto version = parse_pss_version(c.version);
  if (!pod || !version) return "the test itself";
  for (const PssControl& control : evaluate_pss(*pod, c.level, *version)) {
    if (control.control != c.control) continue;
    EXPECT_EQ(control.passed, control.message.empty());
    return control.message;
  }
  return "-";
}

constexpr std::string_view kSilent = "spec: {containers: [{name: a}]}";
constexpr std::string_view kWindows = "spec: {os: {name: windows}, containers: [{name: a}]}";
constexpr std::string_view kUnmasked =
    "spec: {hostUsers: false, containers: [{name: a, securityContext: {procMount: Unmasked}}]}";

const std::vector<Case> kCases{
    {"appArmorProfile", B, "v1.0", kSilent, ""},
    {"appArmorProfile", B, "v1.0",
     "spec: {securityContext: {appArmorProfile: {type: Unconfined}}, containers: [{name: a,"
     " securityContext: {appArmorProfile: {type: Other}}}]}",
     "the pod, \"a\": sets the AppArmor profile Unconfined, Other"},
    {"appArmorProfile", R, "latest",
     "{metadata: {name: p, annotations: {container.apparmor.security.beta.kubernetes.io/gone: unconfined}},"
     " spec: {containers: []}}",
     "the pod: sets the AppArmor profile container.apparmor.security.beta.kubernetes.io/gone=unconfined"},
    {"appArmorProfile", B, "latest",
     "{metadata: {name: p, annotations: {container.apparmor.security.beta.kubernetes.io/a: localhost/x,"
     " container.apparmor.security.beta.kubernetes.io/b: runtime/default,"
     " container.apparmor.security.beta.kubernetes.io/c: ''}}, spec: {containers: []}}",
     ""},

    {"capabilities_baseline", B, "v1.0",
     "spec: {containers: [{name: a, securityContext: {capabilities: {add: [CHOWN, NET_RAW]}}}]}",
     "\"a\": adds NET_RAW"},
    // As written: other than runtimes, the admission reads neither CAP_ nor small letters.
    {"capabilities_baseline", B, "latest",
     "spec: {containers: [], initContainers: [{name: i, securityContext: {capabilities: {add: [CAP_CHOWN, chown]}}}]}",
     "\"i\": adds CAP_CHOWN, chown"},
    {"capabilities_baseline", R, "v1.21", kSilent, ""},
    {"capabilities_baseline", R, "v1.22", kSilent, "-"},
    {"capabilities_restricted", R, "v1.21", kSilent, "-"},
    {"capabilities_restricted", R, "v1.22", kWindows, "\"a\": does not drop ALL"},
    {"capabilities_restricted", R, "v1.25", kWindows, ""},
    {"capabilities_restricted", R, "v1.25",
     "spec: {containers: [{name: a, securityContext: {capabilities:"
     " {drop: [all], add: [NET_BIND_SERVICE, CHOWN]}}}]}",
     "\"a\": does not drop ALL; \"a\": adds CHOWN"},
    {"capabilities_restricted", R, "latest",
     "spec: {containers: [{name: a, securityContext: {capabilities:"
     " {drop: [MKNOD, ALL], add: [NET_BIND_SERVICE]}}}]}",
     ""},
    {"capabilities_restricted", B, "latest", kSilent, "-"},

    {"hostNamespaces", B, "v1.0", "spec: {hostNetwork: true, hostIPC: true, containers: []}",
     "the pod: sets hostNetwork, hostIPC"},
    {"hostNamespaces", R, "latest", "spec: {hostPID: true, containers: []}", "the pod: sets hostPID"},
    {"hostNamespaces", R, "latest", "spec: {hostPID: false, containers: []}", ""},

    {"hostPathVolumes", B, "v1.0", "spec: {containers: [], volumes: [{name: v, hostPath: {path: /}}]}",
     "the pod: has hostPath volumes v"},
    {"hostPathVolumes", B, "v1.0", "spec: {containers: [], volumes: [{name: v, nfs: {}}]}", ""},
    {"hostPathVolumes", R, "v1.0", "spec: {containers: [], volumes: [{name: v, hostPath: {path: /}}]}", "-"},
    {"restrictedVolumes", R, "v1.0",
     "spec: {containers: [], volumes: [{name: v, hostPath: {path: /}}, {name: w, nfs: {server: s}}]}",
     "the pod: has volumes of restricted kinds v (hostPath), w (nfs)"},
    {"restrictedVolumes", R, "latest",
     "spec: {containers: [], volumes: [{name: a, configMap: {}}, {name: b, csi: {}}, {name: c, downwardAPI: {}},"
     " {name: d, emptyDir: {}}, {name: e, ephemeral: {}}, {name: f, image: {}}, {name: g, persistentVolumeClaim: {}},"
     " {name: h, projected: {}}, {name: i, secret: {}}, {name: j}]}",
     ""},

    {"hostPorts", B, "v1.0", "spec: {containers: [{name: a, ports: [{hostPort: 80}, {hostPort: 0}]}]}",
     "\"a\": takes hostPort 80"},
    {"hostProbesAndHostLifecycle", B, "v1.33", kSilent, "-"},
    {"hostProbesAndHostLifecycle", B, "v1.34",
     "spec: {containers: [{name: a, livenessProbe: {httpGet: {host: h1}}, lifecycle: {preStop: {tcpSocket: {host: "
     "h2}}}}]}",
     "\"a\": names in a probe or lifecycle handler the host h1, h2"},
    {"hostProbesAndHostLifecycle", R, "latest",
     "spec: {containers: [{name: a, readinessProbe: {tcpSocket: {host: ''}}, startupProbe: {exec: {}}}]}", ""},

    {"privileged", B, "v1.0",
     "spec: {containers: [{name: a, securityContext: {privileged: false}}],"
     " ephemeralContainers: [{name: d, securityContext: {privileged: true}}]}",
     "\"d\": is privileged"},

    {"procMount", B, "v1.34", kUnmasked, "\"a\": sets procMount Unmasked"},
    {"procMount", B, "v1.35", kUnmasked, ""},
    {"procMount", R, "v1.34", kUnmasked, "\"a\": sets procMount Unmasked"},
    {"procMount", R, "v1.35", kUnmasked, "-"},
    {"procMount_restricted", R, "v1.34", kUnmasked, "-"},
    {"procMount_restricted", R, "v1.35", kUnmasked, "\"a\": sets procMount Unmasked"},

    {"seLinuxOptions", B, "v1.30",
     "spec: {containers: [{name: a, securityContext: {seLinuxOptions: {type: container_engine_t}}}]}",
     "\"a\": sets in seLinuxOptions type container_engine_t"},
    {"seLinuxOptions", B, "v1.31",
     "spec: {containers: [{name: a, securityContext: {seLinuxOptions: {type: container_engine_t, level: 's0'}}}]}", ""},
    {"seLinuxOptions", B, "latest", "spec: {securityContext: {seLinuxOptions: {user: u, role: r}}, containers: []}",
     "the pod: sets in seLinuxOptions a user, a role"},

    {"seccompProfile_baseline", B, "v1.18",
     "{metadata: {name: p, annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined,"
     " container.seccomp.security.alpha.kubernetes.io/a: docker/default,"
     " container.seccomp.security.alpha.kubernetes.io/gone: unconfined}}, spec: {containers: [{name: a}]}}",
     "the pod: sets by annotation seccomp.security.alpha.kubernetes.io/pod=unconfined"},
    {"seccompProfile_baseline", B, "v1.18",
     "spec: {containers: [{name: a, securityContext: {seccompProfile: {type: Unconfined}}}]}", ""},
    {"seccompProfile_baseline", B, "v1.19",
     "spec: {containers: [{name: a, securityContext: {seccompProfile: {type: Unconfined}}}]}",
     "\"a\": sets the seccomp profile Unconfined"},
    {"seccompProfile_baseline", B, "latest", kSilent, ""},
    {"seccompProfile_baseline", R, "v1.19", kSilent, "-"},
    {"seccompProfile_restricted", R, "v1.18", kSilent, "-"},
    {"seccompProfile_restricted", R, "v1.19", kWindows, "\"a\": does not set a seccomp profile"},
    {"seccompProfile_restricted", R, "v1.25", kWindows, ""},
    {"seccompProfile_restricted", R, "latest",
     "spec: {securityContext: {seccompProfile: {type: Unconfined}}, containers: [{name: a,"
     " securityContext: {seccompProfile: {type: RuntimeDefault}}}]}",
     "the pod: sets the seccomp profile Unconfined"},
    {"seccompProfile_restricted", R, "latest",
     "spec: {securityContext: {seccompProfile: {type: Localhost}}, containers: [{name: a}]}", ""},

    {"sysctls", B, "v1.26",
     "spec: {securityContext: {sysctls: [{name: net.ipv4.ip_local_reserved_ports}]}, containers: []}",
     "the pod: sets net.ipv4.ip_local_reserved_ports"},
    {"sysctls", B, "v1.27",
     "spec: {securityContext: {sysctls: [{name: net.ipv4.ip_local_reserved_ports}]}, containers: []}", ""},
    {"sysctls", B, "v1.28", "spec: {securityContext: {sysctls: [{name: net.ipv4.tcp_fin_timeout}]}, containers: []}",
     "the pod: sets net.ipv4.tcp_fin_timeout"},
    {"sysctls", B, "v1.29", "spec: {securityContext: {sysctls: [{name: net.ipv4.tcp_fin_timeout}]}, containers: []}",
     ""},
    {"sysctls", B, "v1.31", "spec: {securityContext: {sysctls: [{name: net.ipv4.tcp_wmem}]}, containers: []}",
     "the pod: sets net.ipv4.tcp_wmem"},
    {"sysctls", B, "v1.32", "spec: {securityContext: {sysctls: [{name: net.ipv4.tcp_wmem}]}, containers: []}", ""},

    {"windowsHostProcess", B, "v1.0",
     "spec: {securityContext: {windowsOptions: {hostProcess: true}}, containers: [{name: a, securityContext:"
     " {windowsOptions: {hostProcess: true}}}]}",
     "the pod, \"a\": sets windowsOptions.hostProcess"},

    {"allowPrivilegeEscalation", R, "v1.7", kSilent, "-"},
    {"allowPrivilegeEscalation", R, "v1.8", kSilent, "\"a\": does not set allowPrivilegeEscalation: false"},
    {"allowPrivilegeEscalation", R, "v1.24", kWindows, "\"a\": does not set allowPrivilegeEscalation: false"},
    {"allowPrivilegeEscalation", R, "v1.25", kWindows, ""},
    {"allowPrivilegeEscalation", B, "latest", kSilent, "-"},

    {"runAsNonRoot", R, "v1.0", kSilent, "\"a\": does not set runAsNonRoot: true"},
    {"runAsNonRoot", R, "latest", kWindows, "\"a\": does not set runAsNonRoot: true"},
    // Wrong even where every container says otherwise.
    {"runAsNonRoot", R, "v1.0",
     "spec: {securityContext: {runAsNonRoot: false}, containers: [{name: a, securityContext: {runAsNonRoot: true}}]}",
     "the pod: sets runAsNonRoot: false"},
    {"runAsNonRoot", R, "v1.0",
     "spec: {securityContext: {runAsNonRoot: true}, containers: [{name: a, securityContext: {runAsNonRoot: false}}]}",
     "\"a\": sets runAsNonRoot: false"},
    {"runAsNonRoot", R, "v1.0", "spec: {securityContext: {runAsNonRoot: true}, containers: [{name: a}]}", ""},
    {"runAsNonRoot", R, "v1.34", "spec: {hostUsers: false, containers: [{name: a}]}",
     "\"a\": does not set runAsNonRoot: true"},
    {"runAsNonRoot", R, "v1.35", "spec: {hostUsers: false, containers: [{name: a}]}", ""},
    {"runAsNonRoot", R, "v1.35", "spec: {hostUsers: true, containers: [{name: a}]}",
     "\"a\": does not set runAsNonRoot: true"},

    {"runAsUser", R, "v1.22", kSilent, "-"},
    {"runAsUser", R, "v1.23",
     "spec: {securityContext: {runAsUser: 0}, containers: [{name: a, securityContext: {runAsUser: 1}}]}",
     "the pod: sets runAsUser: 0"},
    {"runAsUser", R, "v1.34", "spec: {hostUsers: false, containers: [{name: a, securityContext: {runAsUser: 0}}]}",
     "\"a\": sets runAsUser: 0"},
    {"runAsUser", R, "v1.35", "spec: {hostUsers: false, containers: [{name: a, securityContext: {runAsUser: 0}}]}", ""},
};

class Pss : public testing::TestWithParam<Case> {};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.control << ' ' << c.version;
}

TEST_P(Pss, DecidesAsKubernetesDoes) {
  EXPECT_EQ(answer(GetParam()), GetParam().want) << GetParam().pod;
}

INSTANTIATE_TEST_SUITE_P(Table, Pss, testing::ValuesIn(kCases));

std::vector<std::string> asked(PssLevel level, PssVersion version) {
  std::vector<std::string> names;
  for (const PssControl& control : evaluate_pss(Pod(), level, version)) names.emplace_back(control.control);
  return names;
}

TEST(Pss, AsksWhatTheLevelHasAtItsVersion) {
  EXPECT_THAT(asked(PssLevel::privileged, kLatestPss), IsEmpty());
  EXPECT_THAT(asked(B, {0}), ElementsAre("appArmorProfile", "capabilities_baseline", "hostNamespaces",
                                         "hostPathVolumes", "hostPorts", "privileged", "procMount", "seLinuxOptions",
                                         "seccompProfile_baseline", "sysctls", "windowsHostProcess"));
  EXPECT_THAT(asked(R, {0}), ElementsAre("appArmorProfile", "capabilities_baseline", "hostNamespaces", "hostPorts",
                                         "privileged", "procMount", "seLinuxOptions", "seccompProfile_baseline",
                                         "sysctls", "windowsHostProcess", "restrictedVolumes", "runAsNonRoot"));
  EXPECT_THAT(asked(R, kLatestPss),
              ElementsAre("appArmorProfile", "hostNamespaces", "hostPorts", "hostProbesAndHostLifecycle", "privileged",
                          "seLinuxOptions", "sysctls", "windowsHostProcess", "allowPrivilegeEscalation",
                          "capabilities_restricted", "procMount_restricted", "restrictedVolumes", "runAsNonRoot",
                          "runAsUser", "seccompProfile_restricted"));
}

TEST(Pss, ReadsVersionsAsLabelsHaveThem) {
  EXPECT_EQ(parse_pss_version("latest"), kLatestPss);
  EXPECT_EQ(parse_pss_version("v1.0"), PssVersion{0});
  EXPECT_EQ(parse_pss_version("v1.30"), PssVersion{30});
  EXPECT_EQ(parse_pss_version("v1.36"), kLatestPss);
  EXPECT_EQ(parse_pss_version("v1.999999"), kLatestPss);
  for (const std::string_view text :
       {"", "1.30", "v1", "v1.", "v2.0", "v1.030", "v1.-1", "v1.+1", "v1.3x", "v1.3.1", "Latest", "v1.9999999"}) {
    EXPECT_FALSE(parse_pss_version(text)) << text;
  }
}

TEST(Pss, ReadsLevels) {
  EXPECT_EQ(parse_pss_level("baseline"), B);
  EXPECT_EQ(parse_pss_level("Baseline"), std::nullopt);
  EXPECT_EQ(parse_pss_level(""), std::nullopt);
}

}  // namespace
}  // namespace initscan::audit
