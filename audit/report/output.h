#pragma once

#include <string_view>

namespace initscan::audit {

// Takes a report piece by piece, from front to back: one of 10,000 workloads has 100 MB, and is never held.
class Output {
 public:
  virtual ~Output() = default;
  virtual void put(std::string_view piece) = 0;
};

}  // namespace initscan::audit
