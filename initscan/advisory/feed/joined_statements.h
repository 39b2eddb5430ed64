#pragma once

#include "initscan/model/advisory.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace initscan {

// Statements of one advisory of rpm packages. Those that differ in nothing but the architecture become one, which is
// what feeds that list each build make several of.
class JoinedStatements {
 public:
  /// Takes the architectures from the scope. "src" and "noarch" stand for each: a source package is what all of them
  /// are built from. Whether it made a statement of its own.
  bool add(AffectedPackage&& affected);

  /// In the order in which they were added first.
  std::vector<AffectedPackage> take();

 private:
  std::vector<AffectedPackage> made_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace initscan
