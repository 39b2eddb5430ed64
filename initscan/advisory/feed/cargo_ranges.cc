#include "initscan/advisory/feed/cargo_ranges.h"

#include "common/text/ascii.h"
#include "initscan/advisory/feed/matched_ecosystem.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace initscan {
namespace {

// MAJOR.MINOR.PATCH with what follows; of a requirement the last ones may be missing.
struct Version {
  std::array<std::uint64_t, 3> numbers{};
  std::size_t given = 0;
  std::string tail;  // "-rc.1"

  std::string text() const {
    return std::to_string(numbers[0]) + '.' + std::to_string(numbers[1]) + '.' + std::to_string(numbers[2]) + tail;
  }
};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::optional<Version> read_version(std::string_view text) {
  Version version;
  text = text.substr(0, text.find('+'));
  const std::size_t tail = text.find('-');
  if (tail != text.npos) version.tail = text.substr(tail);
  std::string_view numbers = text.substr(0, tail);
  for (;;) {
    const std::string_view number = numbers.substr(0, numbers.find('.'));
    if (version.given == version.numbers.size()) return std::nullopt;
    const char* const end = number.data() + number.size();
    const auto [at, error] = std::from_chars(number.data(), end, version.numbers[version.given++]);
    if (error != std::errc() || at != end) return std::nullopt;
    if (number.size() == numbers.size()) break;
    numbers.remove_prefix(number.size() + 1);
  }
  if (!version.tail.empty() && (version.given < version.numbers.size() || version.tail.size() < 2)) return std::nullopt;
  return version;
}

// The lowest version above all that have the numbers up to `place`: 0.2.0 of 0.1.7 and 1.
Version above(Version version, std::size_t place) {
  ++version.numbers[place];
  std::fill(version.numbers.begin() + static_cast<std::ptrdiff_t>(place) + 1, version.numbers.end(), 0);
  version.tail.clear();
  return version;
}

// The lowest version above this one: 1.2.4-0 of 1.2.3, 1.2.3-rc.1.0 of 1.2.3-rc.1.
std::string next_to(const Version& version) {
  return version.tail.empty() ? above(version, 2).text() + "-0" : version.text() + ".0";
}

// Versions from `low` on, below `high`; "" is no bound.
struct Interval {
  std::string low;
  std::string high;
};

std::size_t last_given(const Version& version) {
  return version.given - 1;
}

// "^0.2.3" stays below 0.3.0, "^1.2" below 2.0.0: below the next value of the first number that is not 0.
std::size_t breaking_place(const Version& version) {
  for (std::size_t place = 0; place < version.given; ++place) {
    if (version.numbers[place] != 0) return place;
  }
  return last_given(version);
}

std::optional<Interval> read_comparison(std::string_view text) {
  const std::size_t start = std::min(text.find_first_of("0123456789"), text.size());
  const std::string_view op = trimmed(text.substr(0, start));
  const auto version = read_version(trimmed(text.substr(start)));
  if (!version) return std::nullopt;
  const bool is_partial = version->given < version->numbers.size();
  if (op == ">=") return Interval{version->text(), ""};
  if (op == "<") return Interval{"", version->text()};
  if (op == ">") return Interval{is_partial ? above(*version, last_given(*version)).text() : next_to(*version), ""};
  if (op == "<=") return Interval{"", is_partial ? above(*version, last_given(*version)).text() : next_to(*version)};
  if (op == "=") {
    return Interval{version->text(), is_partial ? above(*version, last_given(*version)).text() : next_to(*version)};
  }
  if (op == "~")
    return Interval{version->text(), above(*version, std::min<std::size_t>(last_given(*version), 1)).text()};
  if (op == "^" || op.empty()) return Interval{version->text(), above(*version, breaking_place(*version)).text()};
  return std::nullopt;
}

class Order {
 public:
  explicit Order(VersionOrder order) : order_(order) {}

  bool is_less(const std::string& a, const std::string& b) const {
    return compare_versions(order_, a, b).value_or(0) < 0;
  }
  bool is_lower(const Interval& a, const Interval& b) const {
    if (a.low.empty() || b.low.empty()) return a.low.empty() && !b.low.empty();
    return is_less(a.low, b.low);
  }

 private:
  VersionOrder order_;
};

// All comparisons of one requirement hold together.
std::optional<Interval> read_requirement(std::string_view text, const Order& order) {
  Interval all;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    const auto one = read_comparison(trimmed(part));
    if (!one) return std::nullopt;
    if (!one->low.empty() && (all.low.empty() || order.is_less(all.low, one->low))) all.low = one->low;
    if (!one->high.empty() && (all.high.empty() || order.is_less(one->high, all.high))) all.high = one->high;
  }
  return all;
}

}  // namespace

std::optional<std::vector<VersionRange>> versions_outside(const std::vector<std::string_view>& requirements) {
  const Order order(matched_ecosystem("crates.io").value_or(MatchedEcosystem{}).orders.at(0));
  std::vector<Interval> taken;
  for (const std::string_view requirement : requirements) {
    auto interval = read_requirement(requirement, order);
    if (!interval || requirement.empty()) return std::nullopt;
    taken.push_back(std::move(*interval));
  }
  std::sort(taken.begin(), taken.end(), [&](const Interval& a, const Interval& b) { return order.is_lower(a, b); });

  std::vector<VersionRange> outside;
  std::string from;  // the lowest version that nothing has taken yet
  for (const Interval& interval : taken) {
    const bool is_gap = !interval.low.empty() && (from.empty() || order.is_less(from, interval.low));
    if (is_gap) outside.push_back({from, interval.low, ""});
    if (interval.high.empty()) return outside;
    if (from.empty() || order.is_less(from, interval.high)) from = interval.high;
  }
  outside.push_back({from, "", ""});
  return outside;
}

}  // namespace initscan
