#pragma once

#include "audit/model/pod.h"

namespace initscan::audit {

/// Sets initscan's own containers apart from those of the pod, into `gate`: what initscan itself put there is not for
/// the owner to fix. A name proves nothing, because unless it is guarded anyone may give it to a container: all of them
/// must be as the injector makes them, as the admission policy initscan-final-state demands, except for what only the
/// cluster knows (the accepted images and policies). Otherwise they stay among the pod's containers, and `gate_problem`
/// says what differs.
void set_own_apart(Pod& pod);

}  // namespace initscan::audit
