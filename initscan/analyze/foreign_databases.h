#pragma once

#include "initscan/analyze/analyzer.h"

namespace initscan {

// Package databases that are known and not read: what they hold is not matched, and never clean.
class ForeignDatabases : public Analyzer {
 public:
  void look_up(const ImageFiles& files, Inventory& inventory) const override;
};

}  // namespace initscan
