#pragma once

#include "injector/admission/review.h"

namespace initscan::injector {

/// Demands the final state of a pod, as the ValidatingAdmissionPolicy of the deployment does where the API server has
/// such policies. Pure.
///
/// Allowed are: a new pod that the injector would not change, with its image or another accepted one, by digest where
/// the configuration demands that; a mirror pod of a static pod, from a node; an update that leaves every image as it
/// is; once the gate has ended well, an ephemeral container of an image for debugging, or of one that was scanned for
/// one of the pod's containers and is not pulled again. Denied are commands in our containers and changes of what a
/// namespace says to us; whether someone may make those is for the API server to decide. Where the configuration only
/// reports, what would be denied of pods is allowed with a warning. No annotation is trusted.
ReviewAnswer answer_validation(std::string_view body, const ConfigFor& config_for);

}  // namespace initscan::injector
