#pragma once

#include "initscan/model/sbom.h"
#include "initscan/source/rootfs.h"

namespace initscan {

/// What an unpacked image holds: its packages, and how much of it was seen.
Sbom collect(const RootFs& image);

}  // namespace initscan
