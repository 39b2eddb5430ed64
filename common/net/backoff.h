#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace initscan {

// Waits that double from `first` to `most`, each between half and all of it at random, so that those who failed
// together do not come back together.
class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds most) : first_(first), most_(most), next_(first) {}

  std::chrono::milliseconds next() {
    const auto whole = next_;
    next_ = std::min(next_ * 2, most_);
    std::uniform_int_distribution<std::chrono::milliseconds::rep> pick(whole.count() / 2, whole.count());
    return std::chrono::milliseconds(pick(random_));
  }

  void reset() { next_ = first_; }

 private:
  const std::chrono::milliseconds first_;
  const std::chrono::milliseconds most_;
  std::chrono::milliseconds next_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace initscan
