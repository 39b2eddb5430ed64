#pragma once

#include "common/result.h"
#include "injector/inject/config.h"
#include "injector/inject/reason.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::injector {

inline constexpr std::size_t kMaxManifestBytes = 64 << 20;

// What became of one object of a manifest.
struct InjectedObject {
  std::string name;  // "Deployment/shop"
  Reason reason = Reason::not_a_workload;
};

struct InjectedManifest {
  std::string text;  // YAML for YAML, JSON for JSON
  std::vector<InjectedObject> objects;
  std::vector<Error> failures;  // what was left as it was, because it could not be read or injected
};

/// Puts the scanner into the Pods and pod templates of a manifest: Pod, Deployment, StatefulSet, DaemonSet,
/// ReplicaSet, ReplicationController, Job, CronJob, PodTemplate, OpenShift's DeploymentConfig, Argo's Rollout, and
/// lists of these: a List, a PodList and so on. Another kind that has containers is a failure. Documents are YAML, or
/// JSON one after the other. One that is not changed is copied byte for byte; of one that is, the comments within are
/// lost. An object that cannot be injected is left as it is, and keeps no other from it. Errors of an object name it,
/// or the line: malformed, over_limit. An error of the whole: it is empty.
Result<InjectedManifest> inject_manifest(std::string_view text, const InjectorConfig& config);

// What becomes of documents that are not changed: to compare two manifests, both must be in one style.
enum class Unchanged : std::uint8_t { copied, written_anew };

/// The opposite: the manifest without anything of ours, for pods that were injected by hand.
Result<InjectedManifest> uninject_manifest(std::string_view text, Unchanged unchanged = Unchanged::copied);

/// For who needs every object of a manifest: the first failure of one as the error of all.
Result<InjectedManifest> whole(Result<InjectedManifest> manifest);

}  // namespace initscan::injector
