#include "common/text/lines.h"
#include "common/text/trim.h"
#include "initscan/advisory/feed/debian_statement.h"
#include "initscan/advisory/feed/feed.h"
#include "initscan/model/ecosystems.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <iterator>
#include <optional>

namespace initscan {
namespace {

// "[29 Mar 2023]" -> "2023-03-29T00:00:00Z", "" where it is no date.
std::string date_of(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  int day = 0;
  int year = 0;
  const char* const end = text.data() + text.size();
  const auto [after_day, no_day] = std::from_chars(text.data(), end, day);
  if (no_day != std::errc() || std::string_view(after_day, end).size() != std::string_view(" Mar 2023").size())
    return {};
  const std::string_view month(after_day + 1, 3);
  const auto [after_year, no_year] = std::from_chars(after_day + 5, end, year);
  if (no_year != std::errc() || after_year != end) return {};
  const std::size_t place = kMonths.find(month);
  if (place == kMonths.npos || place % 3 != 0 || day < 1 || day > 31 || year < 1990 || year > 9999) return {};
  std::array<char, 32> date{};
  std::snprintf(date.data(), date.size(), "%04d-%02d-%02dT00:00:00Z", year, static_cast<int>(place / 3 + 1), day);
  return date.data();
}

// What announcements without a CVE are about when they repair an earlier repair, or bring new time zones. As
// vulnerabilities of their own they would keep every image without that update from starting.
bool is_no_vulnerability(std::string_view summary) {
  constexpr std::string_view kWords[] = {"new upstream version", "timezone database", "database update",
                                         "bugfix update",        "new package",       "version number correction"};
  return is_regression_update(summary) ||
         std::any_of(std::begin(kWords), std::end(kWords),
                     [&](std::string_view words) { return summary.find(words) != summary.npos; });
}

// One DSA or DLA while its lines are read.
struct Entry {
  std::string id;  // "DSA-5380-1"; "": none yet
  std::string date;
  std::string summary;
  std::vector<std::string> names;  // in braces
  std::vector<AffectedPackage> affected;
  std::vector<std::string> skipped;

  FeedRecord record() const {
    FeedRecord record;
    record.modified = date;
    record.regression_update = is_regression_update(summary);
    record.skipped = skipped;
    if (affected.empty()) {
      if (skipped.empty()) record.skipped.emplace_back("no package version");
      return record;
    }
    if (names.empty() && is_no_vulnerability(summary)) {
      record.skipped.emplace_back("an update that fixes no vulnerability");
      return record;
    }
    Advisory advisory;
    advisory.id = id;
    advisory.upstream = names;
    advisory.published = date;
    advisory.affected = affected;
    record.advisories.push_back(std::move(advisory));
    return record;
  }
};

// "[29 Mar 2023] DSA-5380-1 xorg-server - security update"
Result<Entry> read_heading(std::string_view line) {
  const std::size_t bracket = line.find(']');
  if (bracket == line.npos) return Error{Errc::malformed, "want [date] and an id"};
  Entry entry;
  entry.date = date_of(line.substr(1, bracket - 1));
  std::string_view rest = line.substr(bracket + 1);
  entry.id = take_debian_word(rest);
  if (!entry.id.starts_with("DSA-") && !entry.id.starts_with("DLA-")) {
    return Error{Errc::malformed, "want a DSA or DLA, got \"" + entry.id + '"'};
  }
  entry.summary = trimmed(rest);
  return entry;
}

void read_statement(const DebianStatement& statement, Entry& entry) {
  if (statement.package.empty()) return entry.skipped.emplace_back("no package"), void();
  const std::string_view number = number_of_codename(*find_distribution("debian"), statement.codename);
  if (number.empty()) return entry.skipped.emplace_back("a release without a number"), void();

  AffectedPackage affected;
  affected.ecosystem = "Debian:" + std::string(number);
  affected.name = statement.package;
  read_debian_version(statement.version, affected);
  entry.affected.push_back(std::move(affected));
}

void read_detail(std::string_view line, Entry& entry) {
  if (line.starts_with('{')) {
    std::string_view ids = line.substr(1, line.find('}') - 1);
    for (std::string_view id = take_debian_word(ids); !id.empty(); id = take_debian_word(ids))
      entry.names.emplace_back(id);
  } else if (const auto statement = debian_statement_in(line); statement && !statement->codename.empty()) {
    read_statement(*statement, entry);
  } else if (!line.starts_with("NOTE:") && !line.starts_with("TODO:")) {
    entry.skipped.emplace_back("a line that is not understood");
  }
}

void pass_on(const Entry& entry, const RecordSink& sink) {
  if (!entry.id.empty()) sink(entry.record());
}

}  // namespace

Result<void> parse_debian_list(std::string_view text, const RecordSink& sink) {
  Entry entry;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (trimmed(line).empty()) continue;

    const bool is_detail = line.front() == ' ' || line.front() == '\t';
    if (is_detail && entry.id.empty()) {
      return Error{Errc::malformed, std::to_string(number) + ": a detail before the first DSA or DLA"};
    }
    if (is_detail) {
      read_detail(trimmed(line), entry);
      continue;
    }
    pass_on(entry, sink);
    auto next =
        line.front() == '[' ? read_heading(line) : Result<Entry>(Error{Errc::malformed, "want [date] and an id"});
    if (!next) return std::move(next).error().within(std::to_string(number));
    entry = std::move(*next);
  }
  pass_on(entry, sink);
  return {};
}

}  // namespace initscan
