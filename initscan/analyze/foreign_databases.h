#pragma once

#include "initscan/analyze/analyzer.h"

namespace initscan {

// Package databases that are known and not read: an image that has one is incomplete, never clean.
class ForeignDatabases : public Analyzer {
 public:
  std::string_view name() const override { return "foreign"; }
  void analyze(const ImageFiles& files, Inventory& inventory) const override;
};

}  // namespace initscan
