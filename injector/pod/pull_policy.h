#pragma once

#include "injector/pod/pod.h"

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace initscan {

/// Kubernetes' default for a container that does not say it: a tag that can move is pulled each time.
std::string default_pull_policy(const std::string& reference);

/// What the pod wishes for one of its images: the most eager of its containers and image volumes decides. Our own
/// collectors count, too: they say Always still when the containers no longer do, and to pull more harms nobody.
std::string wished_pull_policy(const Pod& pod, const std::string& image);

/// Whether a reference names one image for ever.
bool is_by_digest(std::string_view reference);

/// Whether what a reference means can change between the scan and the start, because both would pull it.
bool is_pulled_anew(const std::string& reference, const std::string& policy);

/// Adds operations that keep containers and image volumes from pulling again what the scan has just pulled: what
/// was scanned is what runs. IfNotPresent and Never stay, and so do digests.
void keep_what_was_scanned(nlohmann::json& patch, const Pod& pod);

}  // namespace initscan
