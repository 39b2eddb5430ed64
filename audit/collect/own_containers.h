#pragma once

#include "audit/model/pod.h"

namespace initscan::audit {

/// Sets initscan's own containers apart from those of the pod, into `gate`: what initscan itself put there is nobody's
/// to mend. A name alone is no proof, because where nothing guards it anybody may give it to a container: all of them
/// have to be as the injector makes them, as the admission policy initscan-final-state demands it, but for what only
/// the cluster knows (the accepted images and policies). Otherwise they stay among the pod's containers, and
/// `gate_problem` says what differs.
void set_own_apart(Pod& pod);

}  // namespace initscan::audit
