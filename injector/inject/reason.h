#pragma once

#include <cstdint>
#include <string_view>

namespace initscan::injector {

// Why a pod is changed, or a request is answered, as it is.
enum class Reason : std::uint8_t {
  // What the injector makes of a pod.
  injected,
  unchanged,
  mirror,
  excluded_namespace,
  windows,
  architecture,
  opted_out,
  // Of objects in manifests.
  removed,
  not_a_workload,
  // Of reviews that ask for a change.
  not_a_pod,
  not_a_creation,
  bypassed,
  invalid_pod,
  bad_request,
  // Of reviews that ask for a judgement.
  not_judged,
  not_final,
  no_digest,
  collector,
  image_changed,
  ephemeral_container,
  connection,
  namespace_changed,
};

/// The word for it in logs, messages and the labels of metrics: part of what people rely on.
constexpr std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::injected: return "injected";
    case Reason::unchanged: return "unchanged";
    case Reason::mirror: return "mirror";
    case Reason::excluded_namespace: return "excluded-namespace";
    case Reason::windows: return "windows";
    case Reason::architecture: return "architecture";
    case Reason::opted_out: return "opted-out";
    case Reason::removed: return "removed";
    case Reason::not_a_workload: return "not-a-workload";
    case Reason::not_a_pod: return "not-a-pod";
    case Reason::not_a_creation: return "not-a-creation";
    case Reason::bypassed: return "bypassed";
    case Reason::invalid_pod: return "invalid-pod";
    case Reason::bad_request: return "bad-request";
    case Reason::not_judged: return "not-judged";
    case Reason::not_final: return "not-final";
    case Reason::no_digest: return "no-digest";
    case Reason::collector: return "collector";
    case Reason::image_changed: return "image-changed";
    case Reason::ephemeral_container: return "ephemeral-container";
    case Reason::connection: return "connection";
    case Reason::namespace_changed: return "namespace-changed";
  }
  return "unknown";
}

/// Whether the pod has the scanner in front, now or already.
constexpr bool is_scanned(Reason reason) {
  return reason == Reason::injected || reason == Reason::unchanged;
}

}  // namespace initscan::injector
