#pragma once

#include "injector/pod/patch_operation.h"
#include "injector/pod/pod.h"

#include <string>
#include <string_view>
#include <vector>

namespace initscan::injector {

// Kubernetes' words for when an image is pulled.
inline constexpr const char* kPullAlways = "Always";
inline constexpr const char* kPullIfNotPresent = "IfNotPresent";
inline constexpr const char* kPullNever = "Never";

// What one of a pod's own containers or image volumes says of pulling.
struct Pull {
  const char* list;  // "containers", also for init containers: their names are one set; or "volumes"
  const std::string& name;
  const std::string& image;
  const std::string& policy;  // "" where it is not said
  std::string path;           // where it is said
};

/// In the pod's order; valid as long as the pod is.
std::vector<Pull> pulls_of(const Pod& pod);

/// Kubernetes' default for a container that does not say it: a tag that can move is pulled each time.
std::string default_pull_policy(const std::string& reference);

/// The effective policy, even if `said` is empty.
std::string settled_pull_policy(const std::string& reference, const std::string& said);

/// What the pod wishes for one of its images: the most eager of its containers and image volumes decides. Our own
/// collectors count as well: they still say Always when the containers no longer do, and pulling more does no harm.
std::string wished_pull_policy(const Pod& pod, const std::string& image);

/// Whether a reference names one image for ever.
bool is_by_digest(std::string_view reference);

/// Whether what a reference means can change between the scan and the start, because both would pull it.
bool is_pulled_anew(const std::string& reference, const std::string& policy);

/// Adds operations that keep containers and image volumes from pulling again what the scan has just pulled: what
/// was scanned is what runs. IfNotPresent and Never stay, and so do digests.
void keep_what_was_scanned(PatchOperations& patch, const Pod& pod);

}  // namespace initscan::injector
