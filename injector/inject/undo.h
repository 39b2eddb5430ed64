#pragma once

#include "injector/pod/patch_operation.h"
#include "injector/pod/pod.h"

namespace initscan::injector {

/// What a pod says before it is patched, and does not show afterwards: pull policies that are changed, and lists and
/// maps that are there but empty. It goes into the pod's status annotation, for unpatch_pod only: whoever forges it,
/// forges what they get back. Of a pod that was patched before, what is noted there stays noted. An object, which is
/// empty for most pods.
nlohmann::json undo_notes(const Pod& pod, bool keeps_pull_policies);

/// Adds to `patch` what removes everything that has our names, and restores what was noted.
void undo(PatchOperations& patch, const Pod& pod);

}  // namespace initscan::injector
