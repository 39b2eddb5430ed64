#pragma once

#include "injector/admission/objection.h"
#include "injector/inject/config.h"
#include "injector/pod/pod.h"

#include <optional>

#include <simdjson.h>

namespace initscan::injector {

/// Judges the ephemeral containers that `now` has beyond those of the stored pod, which also says how its gate ended.
/// The kubelet starts them whether or not the pod's own containers may start. `pod` is what was read of `now`. Pure.
std::optional<Objection> object_to_ephemeral(const simdjson::dom::element& now, const simdjson::dom::element& stored,
                                             const Pod& pod, const InjectorConfig& config);

}  // namespace initscan::injector
