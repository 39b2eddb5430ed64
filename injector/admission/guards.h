#pragma once

#include "injector/admission/objection.h"

#include <optional>

#include <simdjson.h>

namespace initscan::injector {

/// Judges a command that is to run in a container, or an attachment to one, by its options: none in ours. Pure.
std::optional<Objection> object_to_connection(const simdjson::dom::element& options);

/// Judges a change of a namespace: none of what it says to us by labels and annotations. Whoever may make one is not
/// asked about: that is for the API server to know. Pure.
std::optional<Objection> object_to_namespace(const simdjson::dom::element& now, const simdjson::dom::element& before);

}  // namespace initscan::injector
