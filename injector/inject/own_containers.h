#pragma once

#include "common/names.h"
#include "injector/inject/config.h"
#include "injector/pod/pod.h"

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace initscan::injector {

// One distinct image of a pod, in the order in which the pod names them.
struct ScannedImage {
  std::string reference;
  std::string pull_policy;  // of the scan: as the pod wishes it, never ""
};

/// The images that a pod would run or mount, without our own: of init containers, containers and image volumes.
/// More than kMaxImages are too many: then it is one more, whatever else there is.
std::vector<ScannedImage> images_of(const Pod& pod, const InjectorConfig& config);

// What the pod gets from us.
struct OwnParts {
  std::vector<nlohmann::json> containers;  // in the order in which they go to the front of initContainers
  std::vector<nlohmann::json> volumes;
};

/// Why a pod cannot be scanned without a collector, and what to do, for its first image that needs one; "" where none
/// does.
std::string need_of_collectors(const Pod& pod, const std::vector<ScannedImage>& images, const InjectorConfig& config);

/// copy:   initscan-install, an initscan-collect-N for each image (that image itself, its command replaced by
///         our static binary), initscan-gate;
/// volume: initscan-gate, with each image mounted read-only. An image that is pulled again at each start is collected
/// as
///         in copy mode: only so does the scan see what will run. So are all images of a pod with users of its own.
/// Where there is a collector, no container of ours has the service account's token: an empty volume of ours is mounted
/// in its place. A gate without collectors gets it from the API server, as every container does: an emptyDir would keep
/// the node from being drained. Every field that the API server would fill in is said, so that the same pod compares
/// equal later.
OwnParts own_parts(const Pod& pod, const std::vector<ScannedImage>& images, const InjectorConfig& config);

}  // namespace initscan::injector
