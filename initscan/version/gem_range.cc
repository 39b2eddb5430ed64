#include "initscan/version/range_words.h"
#include "initscan/version/written_range.h"

namespace initscan {
namespace {

// ~> 1.2.3 ends before 1.3 and its prereleases, of which "A" is the first.
std::string end_of_pessimistic(std::string_view version) {
  std::vector<std::string> numbers;
  for (const std::string_view segment : parts_between(version.substr(0, version.find('-')), ".")) {
    if (!is_number(segment)) break;
    numbers.emplace_back(segment);
  }
  if (numbers.size() > 1) numbers.pop_back();
  numbers.back() = incremented(numbers.back());
  std::string end;
  for (const std::string& number : numbers) end += number + '.';
  return end + 'A';
}

std::optional<Intervals> read_requirement(std::string_view text) {
  const std::string_view op = take_operator(text);
  if (!is_gem_version(text)) return std::nullopt;
  const std::string version(text);
  if (op == ">=") return Intervals{{Bound{version}, std::nullopt}};
  if (op == ">") return Intervals{{Bound{version, false}, std::nullopt}};
  if (op == "<=") return Intervals{{std::nullopt, Bound{version}}};
  if (op == "<") return Intervals{{std::nullopt, Bound{version, false}}};
  if (op == "=" || op.empty()) return Intervals{{Bound{version}, Bound{version}}};
  if (op == "!=") return all_but({Bound{version}, Bound{version}});
  if (op == "~>") return Intervals{{Bound{version}, Bound{end_of_pessimistic(version), false}}};
  return std::nullopt;
}

}  // namespace

std::optional<Intervals> read_gem_range(std::string_view text) {
  std::optional<Intervals> found = Intervals{Interval{}};
  for (const std::string_view part : parts_between(text, ",")) {
    const auto requirement = read_requirement(part);
    found = requirement ? intersect(VersionOrder::gem, *found, *requirement) : std::nullopt;
    if (!found) return std::nullopt;
  }
  return found;
}

}  // namespace initscan
