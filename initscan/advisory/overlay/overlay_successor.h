#pragma once

#include "initscan/advisory/overlay/overlay.h"

#include <chrono>
#include <string>

namespace initscan {

/// Why `next` is a step back from `last`: it lacks one of its sources, or has an older one, one that is dated after
/// `latest`, or one with less than half of the records. What `last` has that is dated after `latest` is none that
/// another has to reach. "": it is no step back.
std::string why_no_successor(const Overlay& last, const Overlay& next, std::chrono::sys_seconds latest);

}  // namespace initscan
