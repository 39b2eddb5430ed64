#pragma once

#include "initscan/analyze/analyzer.h"

namespace initscan {

// rpm's databases, of all three kinds and in all places that distributions gave them, and the lists that distroless
// images of Azure Linux have instead. Where several are there they have to say the same.
class RpmAnalyzer : public Analyzer {
 public:
  void look_up(const ImageFiles& files, Inventory& inventory) const override;
};

}  // namespace initscan
