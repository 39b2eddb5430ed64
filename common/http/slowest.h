#pragma once

#include <algorithm>
#include <cstddef>
#include <list>
#include <map>
#include <string_view>
#include <utility>

namespace initscan {

// Of those who hold something of a budget, whoever is to give way: of those addresses that hold more than their part,
// where there are any, the slowest. end(): nobody of whom `may_go` says so, which gets a place. `held` is what one
// holds.
template <class Holder, class MayGo, class SpeedOf>
typename std::list<Holder>::iterator slowest_of(std::list<Holder>& holders, std::size_t budget,
                                                std::size_t Holder::*held, MayGo may_go, SpeedOf speed_of) {
  std::map<std::string_view, std::size_t> by_address;
  for (const Holder& holder : holders) by_address[holder.address] += holder.*held;
  const std::size_t part = budget / std::max<std::size_t>(by_address.size(), 1);
  auto chosen = holders.end();
  std::pair<bool, double> least;  // whether its address keeps to its part; how fast it is
  for (auto holder = holders.begin(); holder != holders.end(); ++holder) {
    if (!may_go(holder)) continue;
    const std::pair its(by_address[holder->address] <= part, speed_of(*holder));
    if (chosen != holders.end() && its >= least) continue;
    chosen = holder;
    least = its;
  }
  return chosen;
}

}  // namespace initscan
