#include "initscan/advisory/feed/cargo_ranges.h"

#include "initscan/version/written_range.h"

#include <utility>

namespace initscan {
namespace {

constexpr VersionOrder kOrder = VersionOrder::cargo;

std::optional<Intervals> without(Intervals all, const Intervals& taken) {
  for (const Interval& interval : taken) {
    auto left = intersect(kOrder, all, all_but(interval));
    if (!left) return std::nullopt;
    all = std::move(*left);
  }
  return all;
}

}  // namespace

std::optional<std::vector<VersionRange>> versions_outside(const std::vector<std::string_view>& requirements) {
  Intervals outside{Interval{}};
  for (const std::string_view requirement : requirements) {
    const auto taken = requirement.size() > kMaxRangeBytes ? std::nullopt : read_cargo_range(requirement);
    auto left = taken ? without(std::move(outside), *taken) : std::nullopt;
    if (!left) return std::nullopt;
    outside = std::move(*left);
  }
  return ranges_of(kOrder, outside);
}

}  // namespace initscan
