#pragma once

#include "common/result.h"
#include "initscan/model/sbom.h"

#include <cstddef>
#include <string>

namespace initscan {

// The parts of a document that cannot be read.
class OddParts {
 public:
  /// One odd part leaves a doubt, and what is known of the rest is judged. A limit that is met ends the reading.
  Result<void> tolerate(const Result<void>& read) {
    if (read) return read;
    if (read.error().code != Errc::malformed) return read;
    if (count_++ == 0) first_ = read.error().text;
    return {};
  }

  void conclude(Coverage& coverage) const {
    if (count_ == 0) return;
    coverage.incomplete.push_back(
        count_ == 1 ? first_ : first_ + "; and " + std::to_string(count_ - 1) + " more that cannot be read");
  }

 private:
  std::size_t count_ = 0;
  std::string first_;
};

}  // namespace initscan
