#pragma once

#include "audit/collect/json_fields.h"

namespace initscan::audit {

/// Sets initscan's own containers apart from those of the pod, into `gate`: what initscan itself put there is not for
/// the owner to fix. All of them must be as the injector makes them (common/gate/own_gate.h), except for what only the
/// cluster knows: the accepted images and policies. Otherwise they stay among the pod's containers, and `gate_problem`
/// says what differs. `spec` is that of the pod.
void set_own_apart(const JsonFields& spec, Pod& pod);

}  // namespace initscan::audit
