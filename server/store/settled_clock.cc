#include "server/store/settled_clock.h"

namespace initscan::server {

SettledClock::State SettledClock::look(std::chrono::sys_seconds now, Steady steady) {
  if (!last_) even_since_ = steady;
  const Moment before = last_.value_or(Moment{now, steady});
  last_ = Moment{now, steady};
  if (std::chrono::abs((now - before.now) - (steady - before.steady)) > kEven) {
    even_since_ = steady;
    return State::jumped;
  }
  return steady - even_since_ >= kSettling ? State::settled : State::settling;
}

}  // namespace initscan::server
