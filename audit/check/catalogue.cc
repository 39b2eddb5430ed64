#include "audit/check/evaluate.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

constexpr std::string_view kInSpec = "never: the pod's own spec says it";

// Ids: CIS Docker Benchmark 1.6 (section 5, Container Runtime), CIS Kubernetes Benchmark 1.12, Pod Security Standards,
// the headings of NSA and CISA's Kubernetes Hardening Guidance 1.2, Kubescape's and Trivy's own ids.
constexpr std::array kChecks{
    Check{
        .id = "writable-root",
        .title = "Root file system is writable",
        .family = "mutability",
        .severity = Severity::medium,
        .cis_docker = "5.13",
        .nsa = "Immutable container file systems",
        .kubescape = "C-0017",
        .trivy = "KSV-0014",
        .why = "Whoever gets into the container can replace its programs and leave new ones that outlive the process; "
               "what runs is then no longer what was scanned.",
        .remedy = "Set securityContext.readOnlyRootFilesystem: true, and mount an emptyDir at each path that the "
                  "program writes to.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "write-layer",
        .title = "Write layer has grown",
        .family = "mutability",
        .severity = Severity::medium,
        .nsa = "Immutable container file systems",
        .why = "The container has files that did not come with the image: caches and logs that fill the node's "
               "disk at best, foreign programs at worst.",
        .remedy =
            "Look at what was written, restart the container from its image, and move what it must write to a volume.",
        .unknown_when = "the node's kubelet did not answer, or reported nothing about this container",
    },

    Check{
        .id = "privileged",
        .title = "Container is privileged",
        .family = "privileges",
        .severity = Severity::critical,
        .cis_docker = "5.5",
        .cis_kubernetes = "5.2.2",
        .pss = "baseline",
        .nsa = "Pod security enforcement",
        .kubescape = "C-0057",
        .trivy = "KSV-0017",
        .why = "It has every capability and every device of the node, without seccomp and AppArmor: whoever gets into "
               "it owns the node.",
        .remedy = "Remove securityContext.privileged, and add the one capability or device that the program needs.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "host-process",
        .title = "Runs as a process of the Windows host",
        .family = "privileges",
        .severity = Severity::critical,
        .cis_kubernetes = "5.2.11",
        .pss = "baseline",
        .kubescape = "C-0202",
        .trivy = "KSV-0103",
        .why = "A HostProcess container is not isolated: it runs on the node itself with the rights of its user.",
        .remedy = "Remove securityContext.windowsOptions.hostProcess from the pod and its containers.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "privilege-escalation",
        .title = "Processes can gain privileges",
        .family = "privileges",
        .severity = Severity::medium,
        .cis_docker = "5.26",
        .cis_kubernetes = "5.2.6",
        .pss = "restricted",
        .nsa = "Pod security enforcement",
        .kubescape = "C-0016",
        .trivy = "KSV-0001",
        .why = "A set-user-ID program in the image turns any user into root. That is allowed unless the setting "
               "forbids it, and always with privileged or SYS_ADMIN.",
        .remedy = "Set securityContext.allowPrivilegeEscalation: false.",
        .unknown_when = kInSpec,
    },

    Check{
        .id = "sys-admin",
        .title = "Has the capability SYS_ADMIN",
        .family = "capabilities",
        .severity = Severity::high,
        .cis_docker = "5.4",
        .cis_kubernetes = "5.2.9",
        .pss = "baseline",
        .kubescape = "C-0046",
        .trivy = "KSV-0005",
        .why = "SYS_ADMIN mounts file systems and enters namespaces: several ways lead from it to the node.",
        .remedy = "Remove SYS_ADMIN and ALL from securityContext.capabilities.add.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "added-capabilities",
        .title = "Adds capabilities beyond the default set",
        .family = "capabilities",
        .severity = Severity::medium,
        .cis_docker = "5.4",
        .cis_kubernetes = "5.2.9",
        .pss = "baseline",
        .nsa = "Pod security enforcement",
        .kubescape = "C-0046",
        .trivy = "KSV-0022",
        .why = "Each of them lets the container do things to the node, its network or other containers that runtimes "
               "forbid by default.",
        .remedy = "Remove from securityContext.capabilities.add what the program does not need.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "net-raw",
        .title = "Has the capability NET_RAW",
        .family = "capabilities",
        .severity = Severity::low,
        .cis_docker = "5.4",
        .cis_kubernetes = "5.2.8",
        .pss = "baseline",
        .kubescape = "C-0199",
        .trivy = "KSV-0119",
        .why = "Raw sockets forge packets: the container can pretend to be other pods of its network. Docker and "
               "containerd give it to everyone by default, CRI-O does not.",
        .remedy = "Drop ALL or NET_RAW in securityContext.capabilities.drop.",
        .unknown_when = "the manifest leaves it to the runtime's defaults, and the node's runtime is not known",
    },
    Check{
        .id = "undropped-capabilities",
        .title = "Keeps capabilities other than NET_BIND_SERVICE",
        .family = "capabilities",
        .severity = Severity::low,
        .cis_docker = "5.4",
        .cis_kubernetes = "5.2.10",
        .pss = "restricted",
        .nsa = "Pod security enforcement",
        .kubescape = "C-0201",
        .trivy = "KSV-0003, KSV-0106",
        .why = "Hardly any service needs capabilities; those that remain are what an intruder can work with.",
        .remedy = "Set securityContext.capabilities.drop: [ALL], and add back NET_BIND_SERVICE at most.",
        .unknown_when = kInSpec,
    },

    Check{
        .id = "root-user",
        .title = "May run as root",
        .family = "user",
        .severity = Severity::medium,
        .cis_docker = "4.1",
        .cis_kubernetes = "5.2.7",
        .pss = "restricted",
        .nsa = "Non-root containers",
        .kubescape = "C-0013",
        .trivy = "KSV-0012, KSV-0105",
        .why = "Root in a container is root on the node for every kernel bug and every mounted path. If the manifest "
               "does not say, the image decides, and most images say root.",
        .remedy = "Set securityContext.runAsNonRoot: true, and runAsUser if the image names no user by number; or "
                  "hostUsers: false.",
        .unknown_when = "hostUsers is false, and the node's version is not known or older than 1.33, where a feature "
                        "gate decides",
    },

    Check{
        .id = "host-network",
        .title = "Shares the node's network",
        .family = "host",
        .severity = Severity::high,
        .cis_docker = "5.10",
        .cis_kubernetes = "5.2.5",
        .pss = "baseline",
        .nsa = "Pod security enforcement",
        .kubescape = "C-0041",
        .trivy = "KSV-0009",
        .why = "It can read the node's traffic and reach services that listen on the node's loopback, and no "
               "NetworkPolicy applies to it.",
        .remedy = "Remove spec.hostNetwork; publish ports with a Service.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "host-pid",
        .title = "Sees the node's processes",
        .family = "host",
        .severity = Severity::high,
        .cis_docker = "5.16",
        .cis_kubernetes = "5.2.3",
        .pss = "baseline",
        .nsa = "Pod security enforcement",
        .kubescape = "C-0038, C-0275",
        .trivy = "KSV-0010",
        .why = "It can read the environment of other pods' processes, and with a few rights signal or trace them.",
        .remedy = "Remove spec.hostPID.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "host-ipc",
        .title = "Shares the node's IPC",
        .family = "host",
        .severity = Severity::high,
        .cis_docker = "5.17",
        .cis_kubernetes = "5.2.4",
        .pss = "baseline",
        .nsa = "Pod security enforcement",
        .kubescape = "C-0038, C-0276",
        .trivy = "KSV-0008",
        .why = "It can read and write the shared memory of the node's and other pods' processes.",
        .remedy = "Remove spec.hostIPC.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "host-path",
        .title = "Mounts the node's file system",
        .family = "host",
        .severity = Severity::high,
        .cis_docker = "5.6",
        .cis_kubernetes = "5.2.12",
        .pss = "baseline",
        .nsa = "Pod security enforcement",
        .kubescape = "C-0048",
        .trivy = "KSV-0023",
        .why = "It may read credentials of the node or data of other pods there.",
        .remedy = "Use a persistentVolumeClaim, configMap, projected or emptyDir volume.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "writable-host-path",
        .title = "Can write to the node's file system",
        .family = "host",
        .severity = Severity::high,
        .cis_docker = "5.6",
        .cis_kubernetes = "5.2.12",
        .pss = "baseline",
        .nsa = "Pod security enforcement",
        .kubescape = "C-0045",
        .why = "A file written there can start a program on the node, and remains when the pod is gone.",
        .remedy = "Set readOnly: true in the volumeMount, with recursiveReadOnly: Enabled if file systems are mounted "
                  "below it.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "runtime-socket",
        .title = "Reaches the container runtime's socket",
        .family = "host",
        .severity = Severity::critical,
        .cis_docker = "5.32",
        .kubescape = "C-0074",
        .trivy = "KSV-0006",
        .why = "Whoever can talk to the runtime can start a privileged container on the node; a read-only mount does "
               "not prevent it.",
        .remedy = "Remove the volumeMount; build images with a tool that needs no runtime.",
        .unknown_when = "the mount's path is put together from variables when the container starts",
    },
    Check{
        .id = "node-folder",
        .title = "Reaches the kubelet's or the container runtime's folders",
        .family = "host",
        .severity = Severity::critical,
        .cis_docker = "5.6",
        .nsa = "Pod security enforcement",
        .why = "They hold the kubelet's credentials, static pods that pass no admission, the tokens and volumes of "
               "other pods, and the unpacked images: what a gate has scanned can be changed behind its back.",
        .remedy = "Remove the volumeMount, or mount the one folder below it that the program needs, such as "
                  "/var/lib/kubelet/plugins/NAME.",
        .unknown_when = "the mount's path is put together from variables when the container starts",
    },
    Check{
        .id = "host-port",
        .title = "Uses a port of the node",
        .family = "host",
        .severity = Severity::medium,
        .cis_docker = "5.14",
        .cis_kubernetes = "5.2.13",
        .pss = "baseline",
        .kubescape = "C-0044",
        .trivy = "KSV-0024",
        .why = "It can be reached at the node's address, bypassing Services and, with many network plugins, "
               "NetworkPolicies.",
        .remedy = "Remove ports[].hostPort; publish the port with a Service.",
        .unknown_when = kInSpec,
    },

    Check{
        .id = "seccomp",
        .title = "No seccomp profile",
        .family = "profiles",
        .severity = Severity::medium,
        .cis_docker = "5.22",
        .cis_kubernetes = "5.7.2",
        .pss = "restricted",
        .nsa = "Hardening container environments",
        .kubescape = "C-0055, C-0210",
        .trivy = "KSV-0030, KSV-0104",
        .why = "Every system call of the kernel is open to an intruder. If the manifest does not say, the profile is "
               "Unconfined, unless the kubelet is configured otherwise.",
        .remedy = "Set securityContext.seccompProfile.type: RuntimeDefault for the pod.",
        .unknown_when = "the profile is of a type that the audit does not know",
    },
    Check{
        .id = "apparmor",
        .title = "AppArmor is turned off",
        .family = "profiles",
        .severity = Severity::medium,
        .cis_docker = "5.2",
        .pss = "baseline",
        .nsa = "Hardening container environments",
        .kubescape = "C-0055",
        .trivy = "KSV-0002",
        .why = "The runtime's profile keeps a container from mounts and from the node's settings in /proc and /sys; "
               "unconfined and privileged containers run without it.",
        .remedy = "Remove the Unconfined profile (appArmorProfile, or the annotation "
                  "container.apparmor.security.beta.kubernetes.io/NAME).",
        .unknown_when = "the profile is of a type that the audit does not know",
    },
    Check{
        .id = "selinux",
        .title = "SELinux options weaken the container's confinement",
        .family = "profiles",
        .severity = Severity::medium,
        .cis_docker = "5.3",
        .pss = "baseline",
        .nsa = "Hardening container environments",
        .kubescape = "C-0055",
        .trivy = "KSV-0025",
        .why = "A custom type, user or role may be one that SELinux hardly confines, such as spc_t.",
        .remedy = "Remove seLinuxOptions.user and .role, and limit .type to container_t, container_init_t, "
                  "container_kvm_t or container_engine_t.",
        .unknown_when = kInSpec,
    },

    Check{
        .id = "proc-mount",
        .title = "/proc is not masked",
        .family = "kernel",
        .severity = Severity::medium,
        .pss = "baseline",
        .kubescape = "C-0211",
        .trivy = "KSV-0027",
        .why = "The container can see the files in /proc that show and change the node's kernel.",
        .remedy = "Remove securityContext.procMount, or set hostUsers: false.",
        .unknown_when = "the audit does not know the type; or hostUsers is false, and the node's version is not known "
                        "or older than 1.33, where a feature gate decides",
    },
    Check{
        .id = "sysctls",
        .title = "Sets kernel parameters that are not safe",
        .family = "kernel",
        .severity = Severity::medium,
        .pss = "baseline",
        .kubescape = "C-0211",
        .trivy = "KSV-0026",
        .why = "Some kernel parameters turn protections off or affect other pods on the node.",
        .remedy = "Remove all from securityContext.sysctls except those that Kubernetes calls safe.",
        .unknown_when = kInSpec,
    },

    Check{
        .id = "ephemeral-container",
        .title = "Has a debug container",
        .family = "debug",
        .severity = Severity::medium,
        .nsa = "Pod security enforcement",
        .why = "Someone added a container by hand: the pod is no longer what its owner describes, and that container "
               "cannot be removed.",
        .remedy = "Replace the pod once the debugging is done: kubectl rollout restart.",
        .unknown_when = kInSpec,
    },

    Check{
        .id = "latest-tag",
        .title = "Image has no specific tag",
        .family = "images",
        .severity = Severity::medium,
        .kubescape = "C-0075",
        .trivy = "KSV-0013",
        .why = "latest, or no tag at all, names a different image after every release: a restart becomes an update "
               "that nobody decided on.",
        .remedy = "Name the image by its version or, better, by its digest.",
        .unknown_when = "no image is named, or its name cannot be parsed",
    },
    Check{
        .id = "mutable-tag",
        .title = "Image is not pinned to a digest",
        .family = "images",
        .severity = Severity::low,
        .cis_docker = "5.28",
        .nsa = "Building secure container images",
        .kubescape = "C-0306",
        .why = "Whoever may push to the registry can move the tag, and the next start runs something that was not "
               "scanned.",
        .remedy = "Name the image by its digest: example/shop:1.2@sha256:...",
        .unknown_when = "no image is named, or its name cannot be parsed",
    },
    Check{
        .id = "image-drift",
        .title = "Runs an image other than the one it is pinned to",
        .family = "images",
        .severity = Severity::critical,
        .why = "The digest in the manifest and the one that the node reports differ: the container runs bits that were "
               "never approved.",
        .remedy = "Find out who changed the image on the node; drain the node and let the pod start elsewhere.",
        .unknown_when = "the node does not say which image it runs, or its runtime is not known to report the digest "
                        "that was asked for",
    },
    Check{
        .id = "unscanned-image",
        .title = "Runs an image that no scan has seen",
        .family = "images",
        .severity = Severity::high,
        .nsa = "Building secure container images",
        .why = "There is no SBOM for the bits that run, so nothing can be said about their contents: a tag that moved "
               "since the scan looks the same in the manifest.",
        .remedy = "Scan the image by the digest that runs, and keep its SBOM where the audit looks for it.",
        .unknown_when = "the node does not say which image it runs, or the SBOMs cannot be read",
    },
    Check{
        .id = "replica-drift",
        .title = "Replicas run different images under one name",
        .family = "images",
        .severity = Severity::high,
        .why =
            "A tag moved while the replicas were starting: they behave differently, and only some of them are what was "
            "tested.",
        .remedy = "Pin the image to a digest, and restart the workload.",
        .unknown_when = "no node says which image it runs",
    },

    Check{
        .id = "literal-secret",
        .title = "Manifest contains a secret",
        .family = "secrets",
        .severity = Severity::high,
        .nsa = "Secrets",
        .kubescape = "C-0012",
        .why = "Everyone who may read the pod, its owner or the repository of its manifest can read the secret.",
        .remedy = "Put it into a Secret, mount that as a file, and change the secret: it has been exposed.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "secret-in-environment",
        .title = "Secret is passed in the environment",
        .family = "secrets",
        .severity = Severity::low,
        .cis_kubernetes = "5.4.1",
        .nsa = "Secrets",
        .kubescape = "C-0207",
        .why = "Crash reports, debug pages and child processes expose the environment; a running process keeps the old "
               "value when the Secret changes.",
        .remedy = "Mount the Secret as a volume, and have the program read the file.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "service-account-token",
        .title = "Service-account token is mounted unnecessarily",
        .family = "token",
        .severity = Severity::medium,
        .cis_kubernetes = "5.1.6",
        .nsa = "Protecting Pod service account tokens",
        .kubescape = "C-0034",
        .trivy = "KSV-0036",
        .why = "Whoever gets into the container can speak to the API server with its token. The pod did not ask for "
               "it: it is mounted by default.",
        .remedy = "Set automountServiceAccountToken: false; if the program calls the API, give it its own service "
                  "account and set it to true.",
        .unknown_when =
            "no API server has admitted the pod yet, it does not say, and its service account could not be read",
    },

    Check{
        .id = "detour-rights",
        .title = "Service account holds rights that lead around the gate",
        .family = "rights",
        .severity = Severity::high,
        .cis_kubernetes = "5.1.8",
        .nsa = "Kubernetes authentication and authorization",
        .kubescape = "C-0065",
        .why = "Whoever gets into the container can start what no gate has scanned: nodes/proxy gives access to every "
               "container of a node, and the other rights change, fake or turn off what admission decides.",
        .remedy = "Remove the right from the role, or bind it to an account that no pod uses.",
        .unknown_when = "roles or bindings could not be read",
    },

    Check{
        .id = "no-memory-limit",
        .title = "Memory is not limited",
        .family = "resources",
        .severity = Severity::low,
        .cis_docker = "5.11",
        .nsa = "Resource policies",
        .kubescape = "C-0271",
        .trivy = "KSV-0018",
        .why = "A leak in one container can make the node kill others.",
        .remedy = "Set resources.limits.memory of the container or the pod, or a LimitRange in the namespace.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "no-cpu-limit",
        .title = "CPU is not limited",
        .family = "resources",
        .severity = Severity::low,
        .cis_docker = "5.12",
        .nsa = "Resource policies",
        .kubescape = "C-0270",
        .trivy = "KSV-0011",
        .why = "A busy or hijacked container can take all of the node's CPU.",
        .remedy = "Set resources.limits.cpu of the container or the pod, or a LimitRange in the namespace.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "no-storage-limit",
        .title = "Ephemeral storage is not limited",
        .family = "resources",
        .severity = Severity::low,
        .nsa = "Resource policies",
        .kubescape = "C-0009",
        .why = "Write layer, logs and emptyDirs can fill the node's disk, and the node then evicts other pods.",
        .remedy = "Set resources.limits.ephemeral-storage of the container, or a LimitRange in the namespace.",
        .unknown_when = kInSpec,
    },

    Check{
        .id = "age",
        .title = "Container has been running too long",
        .family = "runtime",
        .severity = Severity::medium,
        .why = "What has been running for long lacks every fix since its start, and has had time to become different "
               "from its image.",
        .remedy = "Restart the workload from a current image: kubectl rollout restart.",
        .unknown_when = "no status says when it started, or the time is in the future",
    },
    Check{
        .id = "restarts",
        .title = "Container restarts often",
        .family = "runtime",
        .severity = Severity::low,
        .why = "Each restart is a failure that the pod hides, and may be a repeated attempt at an attack.",
        .remedy = "Find out why it ended: kubectl logs --previous.",
        .unknown_when = "the pod has no status of the container",
    },

    Check{
        .id = "new-advisories",
        .title = "New vulnerabilities since it was admitted",
        .family = "vulnerabilities",
        .severity = Severity::high,
        .nsa = "Building secure container images",
        .why = "The scan before its start was right at that time; vulnerabilities that have become known since are "
               "still running.",
        .remedy = "Rebuild the image with fixed packages, and roll it out.",
        .unknown_when = "the node does not say which image it runs, or image or advisories cannot be looked up",
    },

    Check{
        .id = "never-scanned",
        .title = "Started without a scan in a namespace that requires one",
        .family = "scans",
        .severity = Severity::high,
        .why = "It existed before the namespace was labelled, or bypassed the webhook.",
        .remedy = "Restart the workload: its new pods are scanned before they start.",
        .unknown_when = "the labels of the namespace could not be read",
    },
    Check{
        .id = "scan-exempt",
        .title = "Exempt from scans in a namespace that requires them",
        .family = "scans",
        .severity = Severity::low,
        .why = "No gate examines it: it is a Windows pod, or someone who may bypass initscan has labelled it.",
        .remedy = "Scan its images where they are built. Where the label that exempts it is not needed any more, take "
                  "it from the template.",
        .unknown_when = "the labels of the namespace of such a pod could not be read",
    },
    Check{
        .id = "gate-changed",
        .title = "Gate is not as the injector makes it",
        .family = "scans",
        .severity = Severity::critical,
        .why = "Containers with initscan's names do something else: the verdict in the pod's status is worthless.",
        .remedy =
            "Find out who made the pod, and delete it; where initscan was newer or older than this audit, restart "
            "the workload.",
        .unknown_when = kInSpec,
    },
    Check{
        .id = "gate-image",
        .title = "Runs an image that its gate did not scan",
        .family = "scans",
        .severity = Severity::critical,
        .why = "Someone who may bypass initscan changed the image of the running pod or attached a container, or a tag "
               "moved between the scan and a start.",
        .remedy = "Replace the pod: kubectl rollout restart; pin its images to digests.",
        .unknown_when = "never: where the node does not say which bits run, the image's name decides",
    },
    Check{
        .id = "other-image-source",
        .title = "May use an image that no gate examines",
        .family = "scans",
        .severity = Severity::high,
        .why = "Some runtimes pull images again inside their guest, and some CSI drivers mount the contents of images "
               "as volumes: what runs then is not what the gate has scanned.",
        .remedy = "Use an image volume instead of the driver's; for guests, scan in the registry and verify signatures "
                  "in the guest.",
        .unknown_when = "RuntimeClasses could not be read, or the handler is not one that the audit knows",
    },

    Check{
        .id = "pod-security-standard",
        .title = "Violates the Pod Security Standard",
        .family = "pss",
        .severity = Severity::medium,
        .pss = "baseline, restricted",
        .nsa = "Pod security enforcement",
        .why =
            "The standard forbids what lets a pod take over nodes or other pods. Where the namespace enforces the "
            "level, "
            "the "
            "pod was there before that; where it does not, the level is the audit policy's, and nothing stops the next "
            "such pod.",
        .remedy = "Change what each violated control names, then enforce the level: "
                  "pod-security.kubernetes.io/enforce.",
        .unknown_when = "the labels of the namespace could not be read, and the pod does not meet the strictest level",
    },
};

}  // namespace

std::span<const Check> all_checks() {
  return kChecks;
}

const Check* find_check(std::string_view id) {
  const auto found = std::find_if(kChecks.begin(), kChecks.end(), [id](const Check& check) { return check.id == id; });
  return found == kChecks.end() ? nullptr : &*found;
}

}  // namespace initscan::audit
