#pragma once

#include "audit/check/question.h"

#include <string>

namespace initscan::audit {

/// Whether nothing of the container has run yet, and nothing runs: it waits for its node, its image or the gate. What
/// only a running one shows is no question then.
bool has_not_started(const Container& container, const Pod& pod);

/// The same of all its containers: it waits for a node, an image or the gate, and nothing of it has run.
bool has_not_started(const Pod& pod);

/// What initscan's gate left when it last refused, and keeps the pod from starting; "" where it does not.
std::string refusal_of(const Pod& pod);

/// Whether the pod may take an image from where its gate does not look.
Answer other_image_source(const PodSubject& subject);

}  // namespace initscan::audit
