#pragma once

#include "common/result.h"
#include "injector/inject/config.h"
#include "injector/inject/reason.h"
#include "injector/pod/patch_operation.h"
#include "injector/pod/pod.h"

namespace initscan::injector {

// What is to be done with a pod.
struct PodPatch {
  PatchOperations operations;  // none if there is nothing to do
  Reason reason = Reason::unchanged;

  /// Whether the pod is as it has to be: it may only lack the label by which it is found, which decides nothing.
  bool is_final() const { return operations.empty() || reason == Reason::unchanged; }
};

/// Puts initscan's containers in front of a pod's init containers. Pure: no clock, no network.
///
/// A pod that has exactly these containers in front already is unchanged, but for its label. Containers and volumes
/// that have our names and are not what this function would make are removed, whoever put them there; no annotation is
/// trusted. What the API server adds to ours (the service account's mount, LimitRange's other resources) does not count
/// as a difference. A container that would pull a moving tag again after the scan no longer does (pull_policy.h), and
/// what the configuration hardens is filled in (hardening.h).
/// Errors: malformed - a container without an image or with a mount of our volumes, one of ours among the pod's own
///         containers;
///         unsupported - an image that a collector would have to run in, if the configuration allows none;
///         over_limit - kMaxImages.
Result<PodPatch> patch_pod(const Pod& pod, const InjectorConfig& config);

/// Removes everything that has our names, whoever put it there: the opposite of patch_pod. Pull policies become
/// what they were, as the status annotation notes it (undo.h). Hardening's defaults that were filled in stay: they
/// cannot be distinguished from the pod's own. The reason is `removed`, or `unchanged` if there is nothing of ours.
PodPatch unpatch_pod(const Pod& pod);

}  // namespace initscan::injector
