#include "initscan/advisory/feed/oval_statement.h"

#include "common/text/ascii.h"

#include <algorithm>

namespace initscan {

bool add_to_range(const OvalCondition::Comparison& evr, VersionRange& range) {
  if (evr.operation == "less than") {
    range.fixed = evr.value;
  } else if (evr.operation == "less than or equal") {
    range.last_affected = evr.value;
  } else if (evr.operation == "greater than" || evr.operation == "greater than or equal") {
    range.introduced = evr.value;  // of "greater than" one version too many
  } else {
    return evr.operation.empty();
  }
  return range.fixed.empty() || range.last_affected.empty();
}

std::vector<std::string> architectures_of(const OvalCondition::Comparison& architecture) {
  std::vector<std::string> architectures;
  std::string_view rest = architecture.value;
  if (rest.starts_with('(') && rest.ends_with(')')) rest = rest.substr(1, rest.size() - 2);
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find('|'));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    if (!one.empty()) architectures.emplace_back(one);
  }
  return architectures;
}

void leave_unclear(AffectedPackage& affected) {
  affected.ranges.clear();
  affected.unclear.emplace_back("a condition that is not understood");
}

Result<void> read_oval_records(std::string_view xml, FeedRecord (*record_of)(const OvalDefinition&),
                               const RecordSink& sink) {
  return read_oval(xml, [&](OvalDefinition&& definition) -> Result<void> {
    sink(record_of(definition));
    return {};
  });
}

std::string oval_date(std::string_view text) {
  constexpr std::string_view kDay = "0000-00-00";
  const auto fits = [&](std::size_t i) { return kDay[i] == '0' ? is_digit(text[i]) : text[i] == kDay[i]; };
  if (text.size() < kDay.size()) return {};
  for (std::size_t i = 0; i < kDay.size(); ++i) {
    if (!fits(i)) return {};
  }
  if (text.size() == kDay.size()) return std::string(text) + "T00:00:00Z";
  return text[kDay.size()] == 'T' ? std::string(text) : std::string();
}

}  // namespace initscan
