#include "initscan/version/intervals.h"

#include "initscan/version/range_words.h"
#include "initscan/version/semver.h"

#include <utility>

namespace initscan {
namespace {

// Of two lower bounds the higher, of two upper ones the lower: `sign` is 1 or -1. Outer nullopt: they cannot be
// compared.
std::optional<std::optional<Bound>> inner(VersionOrder order, const std::optional<Bound>& a,
                                          const std::optional<Bound>& b, int sign) {
  if (!a || !b) return a ? a : b;
  const auto found = compare_versions(order, a->version, b->version);
  if (!found) return std::nullopt;
  if (*found == 0) return a->is_in ? b : a;
  return (*found > 0) == (sign > 0) ? a : b;
}

// Outer nullopt: it cannot be said.
std::optional<bool> is_empty(VersionOrder order, const Interval& interval) {
  if (!interval.from || !interval.to) return false;
  const auto found = compare_versions(order, interval.from->version, interval.to->version);
  if (!found) return std::nullopt;
  return *found > 0 || (*found == 0 && !(interval.from->is_in && interval.to->is_in));
}

}  // namespace

std::optional<Intervals> intersect(VersionOrder order, const Intervals& a, const Intervals& b) {
  Intervals both;
  for (const Interval& one : a) {
    for (const Interval& other : b) {
      auto from = inner(order, one.from, other.from, 1);
      auto to = inner(order, one.to, other.to, -1);
      if (!from || !to) return std::nullopt;
      Interval common{std::move(*from), std::move(*to)};
      const auto is_none = is_empty(order, common);
      if (!is_none || both.size() == kMaxIntervals) return std::nullopt;
      if (!*is_none) both.push_back(std::move(common));
    }
  }
  return both;
}

Intervals all_but(const Interval& interval) {
  Intervals others;
  if (interval.from) others.push_back({std::nullopt, Bound{interval.from->version, !interval.from->is_in}});
  if (interval.to) others.push_back({Bound{interval.to->version, !interval.to->is_in}, std::nullopt});
  return others;
}

std::string version_after(VersionOrder order, std::string_view version) {
  if (order != VersionOrder::npm && order != VersionOrder::cargo) return {};
  take(version, 'v');
  const auto parts = read_semver(version, {});
  if (!parts) return {};
  const auto& numbers = parts->numbers;
  std::string after = std::string(numbers[0]) + '.' + std::string(numbers[1]) + '.';
  if (parts->prerelease.empty()) return after + incremented(numbers[2]) + "-0";
  return after + std::string(numbers[2]) + '-' + std::string(parts->prerelease) + ".0";
}

std::optional<std::vector<VersionRange>> ranges_of(VersionOrder order, const Intervals& intervals) {
  std::vector<VersionRange> ranges;
  for (const Interval& interval : intervals) {
    VersionRange range;
    if (interval.from) {
      auto first = interval.from->is_in ? interval.from->version : version_after(order, interval.from->version);
      if (first.empty()) return std::nullopt;
      range.introduced = std::move(first);
    }
    if (interval.to) (interval.to->is_in ? range.last_affected : range.fixed) = interval.to->version;
    for (const std::string* const bound : {&range.introduced, &range.fixed, &range.last_affected}) {
      if (!bound->empty() && !is_version(order, *bound)) return std::nullopt;
    }
    ranges.push_back(std::move(range));
  }
  return ranges;
}

}  // namespace initscan
