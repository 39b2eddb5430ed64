#pragma once

#include "common/result.h"
#include "injector/config.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxManifestBytes = 64 << 20;

// What became of one object of a manifest.
struct InjectedObject {
  std::string name;    // "Deployment/shop"
  std::string reason;  // as PodPatch::reason; "not-a-workload"
};

struct InjectedManifest {
  std::string text;  // YAML for YAML, JSON for JSON
  std::vector<InjectedObject> objects;
};

/// Puts the scanner into the Pods and pod templates of a manifest: Pod, Deployment, StatefulSet, DaemonSet,
/// ReplicaSet, ReplicationController, Job, CronJob and Lists of these. All else stays as it is but for comments.
/// Errors name the object, or the line: malformed, over_limit.
Result<InjectedManifest> inject_manifest(std::string_view text, const InjectorConfig& config);

/// The opposite: the manifest without anything of ours, for pods that were injected by hand.
Result<InjectedManifest> uninject_manifest(std::string_view text);

}  // namespace initscan
