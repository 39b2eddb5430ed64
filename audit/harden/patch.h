#pragma once

#include "audit/harden/observed_writes.h"
#include "audit/model/pod.h"
#include "audit/model/report.h"

#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

// What to change in a workload's manifest so that its containers can no longer change.
struct ManifestPatch {
  std::string yaml;                // strategic merge patch; "" where nothing would change
  std::vector<std::string> notes;  // what it cannot know, and how it is put to use; by container, then sentence
};

/// The patch of an owner, from its newest pod: for each container that stays a read-only root, an emptyDir where it
/// writes, no capabilities but those it needs, no gain of privileges, the runtime's seccomp profile. What holds
/// already is not repeated. Containers that other webhooks put into pods are not in the owner's manifest.
/// `os`: the pod's, or its node's; "" if neither gives one.
ManifestPatch make_patch(const Pod& pod, std::string_view os, const Owner& owner, const ObservedWrites* observed);

/// Of everything in a pod that make_patch() looks at: pods of one owner with the same digest have the same patch.
std::string template_digest(const Pod& pod, std::string_view os);

}  // namespace initscan::audit
