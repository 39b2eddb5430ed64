#include "initscan/version/range_words.h"
#include "initscan/version/written_range.h"

namespace initscan {
namespace {

// "1.0,2.0" between brackets, or the one version of "[1.0]".
std::optional<Interval> read_interval(std::string_view text, bool first_is_in, bool last_is_in) {
  const std::vector<std::string_view> ends = parts_between(text, ",");
  if (ends.size() > 2) return std::nullopt;
  for (const std::string_view end : ends) {
    if (!end.empty() && !is_maven_version(end)) return std::nullopt;
  }
  if (ends.size() == 1) {
    if (ends[0].empty() || !first_is_in || !last_is_in) return std::nullopt;
    return Interval{Bound{std::string(ends[0])}, Bound{std::string(ends[0])}};
  }
  Interval interval;
  if (!ends[0].empty()) interval.from = Bound{std::string(ends[0]), first_is_in};
  if (!ends[1].empty()) interval.to = Bound{std::string(ends[1]), last_is_in};
  return interval;
}

}  // namespace

std::optional<Intervals> read_maven_range(std::string_view text) {
  Intervals all;
  while (all.size() < kMaxIntervals) {
    if (!text.starts_with('[') && !text.starts_with('(')) return std::nullopt;
    const std::size_t end = text.find_first_of("])");
    if (end == text.npos) return std::nullopt;
    const auto interval = read_interval(text.substr(1, end - 1), text.front() == '[', text[end] == ']');
    if (!interval) return std::nullopt;
    all.push_back(*interval);
    text = trimmed(text.substr(end + 1), kSpaces);
    if (text.empty()) return all;
    if (!take(text, ',')) return std::nullopt;
    skip_spaces(text);
  }
  return std::nullopt;
}

}  // namespace initscan
