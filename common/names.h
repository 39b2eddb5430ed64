#pragma once

#include <string_view>

// Every name that initscan has in a cluster, once. Who else writes them is deploy/; tests/cli/test_names.py looks that
// no other source does. What names begin with, and what is asked of whole names, are views; the others become keys and
// parts of sentences.
namespace initscan::names {

// The API of our own kinds.
inline constexpr const char* kGroup = "initscan.io";
inline constexpr const char* kVersion = "v1alpha1";
inline constexpr const char* kApiVersion = "initscan.io/v1alpha1";
inline constexpr const char* kClusterPoliciesPath = "/apis/initscan.io/v1alpha1/clusterscanpolicies";
inline constexpr const char* kPoliciesPath = "/apis/initscan.io/v1alpha1/scanpolicies";
inline constexpr const char* kExemptionsPath = "/apis/initscan.io/v1alpha1/scanexemptions";
inline constexpr const char* kNamespacesPath = "/apis/initscan.io/v1alpha1/namespaces/";  // of objects in one
inline constexpr const char* kPolicyResource = "scanpolicies.initscan.io";                // of which `bypass` is a verb
inline constexpr const char* kBypassRight = "bypass scanpolicies.initscan.io";
inline constexpr const char* kClusterPolicyResource = "clusterscanpolicies.initscan.io";
inline constexpr const char* kExemptionResource = "scanexemptions.initscan.io";

// The server's: for whom the tokens are that it takes, and what readers need the right for. There is no such object.
inline constexpr const char* kAudience = "initscan";
inline constexpr const char* kScansResource = "scans";
inline constexpr const char* kAuditsResource = "audits";  // likewise: what audits of the whole cluster found

// Labels and annotations: all begin so.
inline constexpr std::string_view kKeys = "initscan.io/";
inline constexpr const char* kInject = "initscan.io/inject";  // label of namespaces: enabled; of pods: disabled
inline constexpr const char* kInjectSelector = "initscan.io%2Finject";  // the same in a query
inline constexpr const char* kEnforcement = "initscan.io/enforcement";  // label of namespaces: enforce, report
inline constexpr const char* kPolicy = "initscan.io/policy";            // annotation of namespaces
inline constexpr const char* kMode = "initscan.io/mode";                // annotation of namespaces
inline constexpr const char* kStatus = "initscan.io/status";            // annotation of pods, for people
inline constexpr const char* kStatusPointer = "/metadata/annotations/initscan.io~1status";
inline constexpr const char* kInjected = "initscan.io/injected";  // label of pods with our containers: true
inline constexpr const char* kInjectedValue = "true";
inline constexpr const char* kInjectedPointer = "/metadata/labels/initscan.io~1injected";
inline constexpr const char* kInjectedSelector = "initscan.io%2Finjected";      // the same in a query
inline constexpr const char* kResultsLeftOut = "initscan.io/results-left-out";  // annotation of reports

// Containers and volumes of pods: all begin so, and no name of anybody else's does.
inline constexpr std::string_view kReserved = "initscan-";
inline constexpr const char* kInstall = "initscan-install";
inline constexpr std::string_view kCollect = "initscan-collect-";  // and the number of the image
inline constexpr const char* kGate = "initscan-gate";

inline constexpr const char* kBinVolume = "initscan-bin";
inline constexpr const char* kSealVolume = "initscan-seal";
inline constexpr const char* kNoTokenVolume = "initscan-no-token";
inline constexpr const char* kIndexVolume = "initscan-db";
inline constexpr const char* kServerTokenVolume = "initscan-token";
inline constexpr std::string_view kSbomVolume = "initscan-sbom-";    // and the number of the image
inline constexpr std::string_view kImageVolume = "initscan-image-";  // the same
inline constexpr std::string_view kWritableVolume = "initscan-rw-";  // which the pod's own containers mount

// Where they are mounted, and what is there.
inline constexpr const char* kBinMount = "/initscan/bin";
inline constexpr const char* kSealMount = "/initscan/seal";
inline constexpr const char* kIndexMount = "/initscan/db";
inline constexpr const char* kServerTokenMount = "/initscan/token";
inline constexpr const char* kSbomMounts = "/initscan/sbom/";     // and the number of the image
inline constexpr const char* kImageMounts = "/initscan/images/";  // the same
inline constexpr const char* kCollectorFile = "/initscan/bin/initscan-collect";
inline constexpr const char* kCollectorNonce = "/initscan/bin/nonce";
inline constexpr const char* kGateNonce = "/initscan/seal/nonce";
inline constexpr const char* kIndexFile = "/initscan/db/advisories.db";
inline constexpr const char* kServerTokenFile = "/initscan/token/token";
inline constexpr const char* kSbomFile = "/sbom.json";  // in the mount of its image

// Kubernetes' own: where the API server mounts the service account's token into a container that has no mount there,
// and where the kubelet looks for what a container says at its end.
inline constexpr const char* kTokenMount = "/var/run/secrets/kubernetes.io/serviceaccount";
inline constexpr const char* kTerminationLog = "/dev/termination-log";

// Objects of an installation.
inline constexpr const char* kSystemNamespace = "initscan-system";
inline constexpr const char* kInjector = "initscan-injector";  // Deployment, Service, service account, Lease
inline constexpr const char* kServer = "initscan-server";      // Deployment, service account, Lease
inline constexpr const char* kCertificates = "initscan-injector-tls";
inline constexpr const char* kServerCertificates = "initscan-server-tls";
inline constexpr const char* kConfiguration = "initscan";           // of the webhooks
inline constexpr const char* kFinalState = "initscan-final-state";  // policy, binding, FinalState, ConfigMap
inline constexpr const char* kGatePolicy = "initscan-gate";         // a MutatingAdmissionPolicy in the injector's place
inline constexpr const char* kConnectPolicy = "initscan-connect";
inline constexpr const char* kNamespacesPolicy = "initscan-namespaces";
inline constexpr const char* kReportObjects = "initscan-";  // and a workload's name
inline constexpr const char* kConnectHook = "connect.initscan.io";
inline constexpr const char* kNamespacesHook = "namespaces.initscan.io";

// Of documents that programs of others read.
inline constexpr const char* kVerdictSchema = "initscan.io/verdict/v1";
inline constexpr const char* kReportSchema = "initscan.io/report/v1";
inline constexpr const char* kMatchSchema = "initscan.io/match/v1";
inline constexpr const char* kAuditSchema = "initscan.io/audit/v1";
inline constexpr const char* kHistorySchema = "initscan.io/audit-history/v1";

}  // namespace initscan::names
