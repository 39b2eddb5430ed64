#pragma once

#include "initscan/analyze/analyzer.h"

namespace initscan {

// Alpine's package database: lib/apk/db/installed, since apk-tools 3 also below usr. Both are read where both are
// there. What etc/apk/world asks for has to be in them.
class ApkAnalyzer : public Analyzer {
 public:
  void look_up(const ImageFiles& files, Inventory& inventory) const override;
};

}  // namespace initscan
