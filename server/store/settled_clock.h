#pragma once

#include <chrono>
#include <optional>

namespace initscan::server {

// Tells whether the time of day can be believed: what goes by its age is gone for good, and a clock that is wrong for a
// minute would take all of it. It is believed once it has gone on evenly for a while.
class SettledClock {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::seconds kEven{300};  // what it may be set by without being doubted
  static constexpr std::chrono::hours kSettling{1};

  enum class State : unsigned char { settled, settling, jumped };

  /// At one moment by both clocks. `jumped`: since the last call.
  State look(std::chrono::sys_seconds now, Steady steady);

 private:
  struct Moment {
    std::chrono::sys_seconds now;
    Steady steady;
  };

  std::optional<Moment> last_;
  Steady even_since_;
};

}  // namespace initscan::server
