// images, vulnerabilities, scans
#include "tests/unit/audit/check/fixtures.h"
#include "tests/unit/audit/gated_pod.h"

namespace initscan::audit {
namespace {

constexpr Outcome P = Outcome::pass, F = Outcome::fail, U = Outcome::unknown, S = Outcome::skip;

constexpr std::string_view kPinned =
    "{metadata: {name: shop-1, creationTimestamp: '2026-01-01T00:00:00Z'}, spec: {containers: [{name: a, image:"
    " 'example/shop:1@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]},"
    " status: {containerStatuses: [{name: a, imageID:"
    " 'example/shop@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]}}";
constexpr std::string_view kDrifted =
    "{spec: {containers: [{name: a, image:"
    " 'example/shop@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]},"
    " status: {containerStatuses: [{name: a, imageID:"
    " 'docker-pullable://example/shop@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'}]}}";
constexpr std::string_view kById =
    "{spec: {containers: [{name: a, image:"
    " 'example/shop@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]},"
    " status: {containerStatuses: [{name: a, imageID:"
    " 'sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc'}]}}";
constexpr std::string_view kA = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
constexpr std::string_view kB = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
constexpr std::string_view kImage = "spec.containers[a].image";
constexpr std::string_view kImageId = "status.containerStatuses[a].imageID";
constexpr std::string_view kNotSaid = "its node does not say by digest which image it runs";
constexpr std::string_view kGate = "spec.initContainers[initscan-gate]";

constexpr std::string_view kRuntimeClass = "spec.runtimeClassName";

constexpr std::string_view kInjectLabel = "metadata.labels[initscan.io/inject]";
constexpr std::string_view kWaiting =
    "{spec: {containers: [{name: a}]}, status: {phase: Pending, containerStatuses:"
    " [{name: a, restartCount: 0, imageID: '', state: {waiting: {reason: ErrImagePull}}}]}}";
constexpr std::string_view kUnscheduled = "{spec: {containers: [{name: a}]}, status: {phase: Pending}}";
constexpr std::string_view kRestarting =
    "{spec: {containers: [{name: a}]}, status: {phase: Running, containerStatuses: [{name: a, restartCount: 3,"
    " imageID: 'example/shop@sha256:12', state: {waiting: {reason: CrashLoopBackOff}}}]}}";
constexpr std::string_view kWindows = "spec: {os: {name: windows}, containers: [{name: a}]}";
constexpr std::string_view kLetOff =
    "{metadata: {name: shop-1, labels: {initscan.io/inject: disabled}}, spec: {containers: [{name: a}]}}";
constexpr std::string_view kLetOffWithItsName =
    "{metadata: {name: shop-1, labels: {initscan.io/inject: disabled}}, spec: {containers: [],"
    " initContainers: [{name: initscan-gate}]}}";
const Arrange kAsks = namespace_labels({{"initscan.io/inject", "enabled"}});

const std::string kGated = gated_pod();
const std::string kByName = gated_pod({.scanned_id = "", .running_id = ""});
const std::string kBlocked = gated_pod({.refused = true});
const std::string kOtherImage = gated_pod({.running = "example/shop:2"});
const std::string kMoved = gated_pod({.running_id = std::string("example/shop@") + std::string(kB)});
const std::string kVolumeMoved =
    gated_pod({.by_volume = true, .running_id = std::string("example/shop@") + std::string(kB)});
const std::string kAttached = gated_pod({.more = ", ephemeralContainers: [{name: debug, image: 'example/tools:1'}]"});
const std::string kWithRuntimeClass = gated_pod({.more = ", runtimeClassName: sandboxed"});
const std::string kWithImageDriver =
    gated_pod({.volumes = ", {name: tools, csi: {driver: csi-image.warm-metal.tech}}"});

Arrange runtime_handler(std::string handler) {
  return [=](World& world) { world.cluster.runtime_handlers.value = {{"sandboxed", handler}}; };
}

Arrange scanned(std::optional<bool> answer, std::string why_not = "") {
  return [=](World& world) {
    world.has_history = true;
    world.history.scanned = {answer, why_not};
  };
}

Arrange vulnerabilities(std::optional<ImageVulnerabilities> answer, std::string why_not = "") {
  return [=](World& world) {
    world.has_history = true;
    world.history.found = {answer, why_not};
  };
}

}  // namespace

std::vector<Fixture> images_fixtures() {
  return {
      {"latest-tag", P, "spec: {containers: [{name: a, image: 'registry:5000/shop:1.2'}]}", "a",
       "registry:5000/shop:1.2", kImage, ""},
      {"latest-tag", F, "spec: {containers: [{name: a, image: 'registry:5000/shop'}]}", "a", "registry:5000/shop",
       kImage, "its image is whatever is latest when it starts"},
      {"latest-tag", F, "spec: {containers: [{name: a, image: 'shop:latest'}]}", "a", "shop:latest", kImage,
       "its image is whatever is latest when it starts"},
      {"latest-tag", U, "spec: {containers: [{name: a}]}", "a", "", kImage, "it names no image"},

      {"mutable-tag", P, kPinned, "a",
       "example/shop:1@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", kImage, ""},
      {"mutable-tag", F, "spec: {containers: [{name: a, image: 'shop:1.2'}]}", "a", "shop:1.2", kImage,
       "its image is named by a tag, which can be moved to another image"},
      {"mutable-tag", U, "spec: {containers: [{name: a, image: 'shop@sha256:12'}]}", "a", "", kImage,
       "its image name cannot be read: shop@sha256:12"},

      {"image-drift", P, kPinned, "a", kA, kImageId, ""},
      {"image-drift", F, kDrifted, "a", kB, kImageId,
       "it is pinned to sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and runs another image",
       node("containerd://2.1.4")},
      {"image-drift", U, kDrifted, "a", "", kImageId,
       "it is pinned to sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and runs "
       "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, which may be the same image for one "
       "platform: the node's runtime is not known to report the digest that was asked for"},
      {"image-drift", U, kById, "a", "", kImageId, kNotSaid, node("containerd://2.1.4")},
      {"image-drift", S,
       "{spec: {containers: [{name: a, image:"
       " 'example/shop@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]},"
       " status: {phase: Pending}}",
       "a", "", "", "it has not started yet"},
      {"image-drift", S, "spec: {containers: [{name: a, image: 'shop:1.2'}]}", "a", "", "", "its image is not pinned"},

      {"unscanned-image", P, kPinned, "a", kA, kImageId, "", scanned(true)},
      {"unscanned-image", F, kPinned, "a", kA, kImageId, "no scan has seen the image that it runs", scanned(false)},
      {"unscanned-image", U, kPinned, "a", "", kImageId,
       "whether its image was scanned is not known: sboms: Permission denied",
       scanned(std::nullopt, "sboms: Permission denied")},
      {"unscanned-image", U, kById, "a", "", kImageId, kNotSaid, scanned(true)},
      {"unscanned-image", S, kPinned, "a", "", "", "no SBOMs were given"},
      {"unscanned-image", S, kBlocked, "shop", "", "", "it has not started yet", scanned(true)},

      {"new-advisories", P, kPinned, "a", "0 of 7", kImageId, "", vulnerabilities(ImageVulnerabilities{7, 0, {}, {}})},
      {"new-advisories", F, kPinned, "a", "3 of 7", kImageId,
       "3 vulnerabilities of its image became known after its admission, the worst critical: CVE-1, CVE-2, ...",
       vulnerabilities(ImageVulnerabilities{7, 3, Severity::critical, {"CVE-1", "CVE-2"}})},
      {"new-advisories", U, kPinned, "a", "", kImageId, "the vulnerabilities of its image are not known: no SBOM",
       vulnerabilities(std::nullopt, "no SBOM")},
      {"new-advisories", U, kDrifted, "a", "", "metadata.creationTimestamp",
       "the pod does not say when it was admitted", vulnerabilities(ImageVulnerabilities{})},
      {"new-advisories", U, kById, "a", "", kImageId, kNotSaid, vulnerabilities(ImageVulnerabilities{})},
      {"new-advisories", S, kPinned, "a", "", "", "no advisories were given"},
      {"new-advisories", S, kBlocked, "shop", "", "", "it has not started yet",
       vulnerabilities(ImageVulnerabilities{})},

      {"never-scanned", P, kGated, "", "scanned", kGate, "", namespace_labels({{"initscan.io/inject", "enabled"}})},
      {"never-scanned", F, "spec: {containers: [{name: a}]}", "", "no initscan-gate", kGate,
       "it was started without a scan, although its namespace requires one",
       namespace_labels({{"initscan.io/inject", "enabled"}})},
      {"never-scanned", F, "spec: {containers: [], initContainers: [{name: initscan-gate}]}", "", "changed", kGate,
       "it was started without a scan that counts: its gate is not as the injector makes it",
       namespace_labels({{"initscan.io/inject", "enabled"}})},
      {"never-scanned", U, "spec: {containers: []}", "", "", kGate,
       "whether its namespace requires scans is not known: namespaces: 403 Forbidden"},
      {"never-scanned", U, "spec: {containers: []}", "", "", kGate,
       "whether its namespace requires scans is not known: namespace shop is not among those that were read",
       [](World& world) { world.cluster.namespaces.value.emplace(); }},
      {"never-scanned", S, "spec: {containers: []}", "", "", "", "its namespace does not require scans",
       namespace_labels({{"initscan.io/inject", "disabled"}})},

      // What has not started has not started without a scan.
      {"never-scanned", S, kWaiting, "", "", "", "it has not started yet", kAsks},
      {"never-scanned", S, kUnscheduled, "", "", "", "it has not started yet", kAsks},
      {"never-scanned", F, kRestarting, "", "no initscan-gate", kGate,
       "it was started without a scan, although its namespace requires one", kAsks},
      {"never-scanned", S, kWindows, "", "", "", "it is exempt: see scan-exempt", kAsks},
      {"never-scanned", S, kLetOff, "", "", "", "it is exempt: see scan-exempt", kAsks},
      // A label is no excuse for names of initscan.
      {"never-scanned", F, kLetOffWithItsName, "", "changed", kGate,
       "it was started without a scan that counts: its gate is not as the injector makes it", kAsks},

      {"scan-exempt", P, kGated, "", "scanned", kGate, "", kAsks},
      {"scan-exempt", P, "spec: {containers: [{name: a}]}", "", "not exempt", kInjectLabel, "", kAsks},
      {"scan-exempt", F, kWindows, "", "Windows", "spec.os.name", "Windows pods are not scanned", kAsks},
      {"scan-exempt", F, kLetOff, "", "initscan.io/inject=disabled", kInjectLabel,
       "its label exempts it; only those who may bypass initscan can set it", kAsks},
      {"scan-exempt", U, kLetOff, "", "", kInjectLabel,
       "whether its namespace requires scans is not known: namespaces: 403 Forbidden"},
      {"scan-exempt", S, kLetOff, "", "", "", "its namespace does not require scans", namespace_labels({})},

      {"gate-changed", P, kGated, "", "as injected", kGate, ""},
      {"gate-changed", F, "spec: {containers: [{name: initscan-gate}]}", "",
       "initscan-gate: it is not an init container that ends", kGate,
       "its gate is not as the injector makes it: initscan-gate: it is not an init container that ends"},
      {"gate-changed", S, "spec: {containers: []}", "", "", "", "no gate of initscan is in its pod"},

      {"gate-image", P, kGated, "shop", "example/shop:1", "spec.containers[shop].image", ""},
      {"gate-image", P, kByName, "shop", "example/shop:1", "spec.containers[shop].image", ""},
      {"gate-image", F, kOtherImage, "shop", "example/shop:2", "spec.containers[shop].image",
       "its gate did not scan the image example/shop:2"},
      {"gate-image", F, kMoved, "shop", "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
       "status.containerStatuses[shop].imageID",
       "it runs sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, and its gate scanned "
       "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: the tag has moved since"},
      {"gate-image", F, kVolumeMoved, "shop", "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
       "status.containerStatuses[shop].imageID",
       "it runs sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, and its gate scanned "
       "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: the tag has moved since"},
      {"gate-image", F, kAttached, "debug", "example/tools:1", "spec.ephemeralContainers[debug].image",
       "its gate did not scan the image example/tools:1"},
      {"gate-image", S, kBlocked, "shop", "", "", "it has not started yet"},
      {"gate-image", S, "spec: {containers: [{name: a}]}", "a", "", "", "no gate of initscan is in its pod"},

      {"other-image-source", P, kGated, "", "none", "spec.volumes", ""},
      {"other-image-source", P, kWithRuntimeClass, "", "runsc", kRuntimeClass, "", runtime_handler("runsc")},
      {"other-image-source", F, kWithRuntimeClass, "", "kata-qemu-snp", kRuntimeClass,
       "its runtime kata-qemu-snp may pull the image again inside a guest, where no gate looks",
       runtime_handler("kata-qemu-snp")},
      {"other-image-source", F, kWithImageDriver, "", "csi-image.warm-metal.tech", "spec.volumes[tools].csi.driver",
       "its volume tools holds an image that no gate examines: csi-image.warm-metal.tech mounts it"},
      {"other-image-source", U, kWithRuntimeClass, "", "", kRuntimeClass,
       "whether its runtime kata-qemu pulls images inside a guest is not known", runtime_handler("kata-qemu")},
      {"other-image-source", U, kWithRuntimeClass, "", "", kRuntimeClass, "there is no RuntimeClass sandboxed",
       [](World& world) { world.cluster.runtime_handlers.value.emplace(); }},
      {"other-image-source", U, kWithRuntimeClass, "", "", kRuntimeClass,
       "what runs its RuntimeClass sandboxed is not known: runtimeclasses: 403 Forbidden"},
      {"other-image-source", S, "spec: {runtimeClassName: sandboxed, containers: []}", "", "", "",
       "no gate of initscan is in its pod"},
  };
}

std::vector<WorkloadFixture> workload_fixtures() {
  constexpr std::string_view kPath = "status.containerStatuses[].imageID";
  const auto container = [](const std::vector<std::string>& ids, std::size_t running, std::size_t names) {
    WorkloadContainer told;
    told.name = "a";
    told.image_ids.assign(ids.begin(), ids.end());
    told.running = running;
    told.image_names = names;
    return told;
  };
  return {
      {"replica-drift", P, container({"shop@sha256:a"}, 3, 1), "shop@sha256:a", kPath, ""},
      {"replica-drift", F, container({"shop@sha256:a", "shop@sha256:b"}, 3, 1), "shop@sha256:a, shop@sha256:b", kPath,
       "its replicas run 2 different images under one name"},
      {"replica-drift", U, container({}, 3, 1), "", kPath, "no node says which image its replicas run"},
      {"replica-drift", S, container({"shop@sha256:a", "shop@sha256:b"}, 3, 2), "", "",
       "its pods name different images: a rollout is under way"},
      {"replica-drift", S, container({}, 1, 1), "", "", "fewer than two of its replicas run"},
  };
}

}  // namespace initscan::audit
