#pragma once

#include "common/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace initscan {

// The pages of a file that were met. Each belongs to one place of a sound file: a loop and what is hung up twice are
// seen where they close, and no more pages are read than the file has.
class PageSet {
 public:
  /// Pages are numbered below `end`, which a named limit bounds.
  explicit PageSet(std::uint32_t end) : is_met_(end, false) {}

  /// Errors: malformed - a page that the file does not have, or one that was met before.
  Result<void> meet(std::uint32_t page) {
    if (page >= is_met_.size()) {
      return Error{Errc::malformed, "page " + std::to_string(page) + " is behind the last, " +
                                        std::to_string(is_met_.empty() ? 0 : is_met_.size() - 1)};
    }
    if (is_met_[page]) return Error{Errc::malformed, "page " + std::to_string(page) + " is used twice"};
    is_met_[page] = true;
    return {};
  }

 private:
  std::vector<bool> is_met_;
};

}  // namespace initscan
