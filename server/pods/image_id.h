#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace initscan::server {

// What tells an image from others, and of which form it is: an image's id may be "registry/name@sha256:..." of its
// manifest, or "sha256:..." of its configuration, and the kubelet's old way puts "docker-pullable://" before it.
struct ImageId {
  std::string digest;
  bool is_of_manifest = false;
};

ImageId image_id(std::string id);

/// Of a list of objects that one whose name this is; an empty one where there is none.
const nlohmann::json& find_named(const nlohmann::json& list, const std::string& name);

/// The id of the image that a collector with this number ran in, or that the gate mounted under it, as a pod's
/// initContainerStatuses tell it; "" where they do not.
std::string collected_id(const nlohmann::json& statuses, const std::string& number);
std::string mounted_id(const nlohmann::json& statuses, const std::string& number);

}  // namespace initscan::server
