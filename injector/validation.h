#pragma once

#include "injector/review.h"

namespace initscan {

/// Demands the final state of a pod, as the ValidatingAdmissionPolicy of the deployment does where the API server has
/// such policies. Pure.
///
/// Allowed are: a new pod that the injector would not change, with its image or another accepted one; a mirror pod
/// of a static pod, from a node; an update that leaves every image as it is; an ephemeral container of an image that
/// was scanned for one of the pod's containers and is not pulled again. Where the configuration only reports, what
/// would be denied is allowed with a warning. No annotation is trusted.
ReviewAnswer answer_validation(std::string_view body, const ConfigFor& config_for);

}  // namespace initscan
