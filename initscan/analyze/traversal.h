#pragma once

#include "initscan/analyze/analyzer.h"

namespace initscan {

/// Visits an image once and shows each file to the analyzers that want it; it is opened once, whatever their number.
/// Says what was seen.
Coverage traverse(const ImageFiles& files, const Analyzers& analyzers, Inventory& inventory);

}  // namespace initscan
