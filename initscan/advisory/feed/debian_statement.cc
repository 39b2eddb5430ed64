#include "initscan/advisory/feed/debian_statement.h"

#include "common/text/trim.h"
#include "initscan/advisory/feed/matched_ecosystem.h"

#include <algorithm>
#include <iterator>

namespace initscan {
namespace {

// A tag in the place of a version. Support that has ended leaves the package as vulnerable as one that is not repaired,
// and so does that unstable no longer has it.
struct Tag {
  std::string_view text;
  AdvisoryStatus status;
};
constexpr Tag kTags[] = {{"<unfixed>", AdvisoryStatus::affected},         {"<removed>", AdvisoryStatus::affected},
                         {"<end-of-life>", AdvisoryStatus::end_of_life},  {"<no-dsa>", AdvisoryStatus::deferred},
                         {"<postponed>", AdvisoryStatus::deferred},       {"<ignored>", AdvisoryStatus::will_not_fix},
                         {"<not-affected>", AdvisoryStatus::not_affected}};

}  // namespace

std::string_view take_debian_word(std::string_view& text) {
  text = trimmed(text);
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

std::optional<DebianStatement> debian_statement_in(std::string_view line) {
  DebianStatement statement;
  if (line.starts_with('[')) {
    const std::size_t bracket = line.find(']');
    if (bracket == line.npos) return std::nullopt;
    statement.codename = line.substr(1, bracket - 1);
    line.remove_prefix(bracket + 1);
    if (statement.codename.empty()) return std::nullopt;
  }
  if (take_debian_word(line) != "-") return std::nullopt;
  statement.package = take_debian_word(line);
  if (!trimmed(line).starts_with('(')) statement.version = take_debian_word(line);
  const std::string_view remark = trimmed(line);
  if (remark.starts_with('(')) statement.remark = remark.substr(1, remark.rfind(')') - 1);
  return statement;
}

void read_debian_version(std::string_view version, AffectedPackage& affected) {
  const auto* const tag =
      std::find_if(std::begin(kTags), std::end(kTags), [&](const Tag& known) { return known.text == version; });
  if (version.empty()) {
    affected.unclear.emplace_back("the version of its fix is not given");
  } else if (tag != std::end(kTags)) {
    affected.status = tag->status;
    affected.ranges.push_back({});
  } else if (version == "<undetermined>") {
    affected.unclear.emplace_back("whether it is affected is undetermined");
  } else if (is_word_for_version(version)) {
    affected.unclear.emplace_back("an unknown tag takes the place of its fix");
  } else {
    affected.ranges.push_back({"", std::string(version), ""});
  }
}

}  // namespace initscan
