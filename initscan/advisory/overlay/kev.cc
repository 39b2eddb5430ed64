#include "common/json/element.h"
#include "common/json/parse_dom.h"
#include "common/text/in_quotes.h"
#include "common/text/trim.h"
#include "common/time/day.h"
#include "initscan/advisory/overlay/csv.h"
#include "initscan/advisory/overlay/cve_key.h"
#include "initscan/advisory/overlay/overlay_sources.h"

#include <algorithm>
#include <optional>

namespace initscan {
namespace {

// A day that a record can hold.
std::optional<std::uint16_t> day_number(std::string_view text) {
  const auto day = parse_day(text);
  if (!day) return std::nullopt;
  const auto number = day->time_since_epoch().count();
  if (number < 1 || number > 0xffff) return std::nullopt;
  return static_cast<std::uint16_t>(number);
}

// Takes entries one by one, whichever way they are written.
class Catalogue {
 public:
  /// Errors: malformed.
  Result<void> add(std::string_view id, std::string_view added) {
    const auto day = day_number(added);
    if (!day) return Error{Errc::malformed, in_quotes(id) + ": dateAdded: want a day such as 2026-01-31"};
    newest_ = std::max(newest_, *day);
    const auto key = cve_key(trimmed(id));
    if (!key) return ++part_.skipped["names that are no CVE"], Result<void>();
    part_.vulnerabilities.push_back({.number = static_cast<std::uint32_t>(*key),
                                     .year = static_cast<std::uint16_t>(*key >> kBitsOfNumber),
                                     .known_since = *day,
                                     .epss = kNoEpss,
                                     .percentile = kNoEpss});
    return {};
  }

  /// `released`: RFC 3339, or "".
  OverlayPart take(std::string_view released) {
    const auto moment = parse_rfc3339(released);
    if (moment) {
      part_.date = format_rfc3339(*moment);
    } else if (newest_ != 0) {
      part_.date = format_rfc3339(std::chrono::sys_days(std::chrono::days(newest_)));
    }
    return std::move(part_);
  }

 private:
  OverlayPart part_;
  std::uint16_t newest_ = 0;
};

Result<OverlayPart> parse_json(std::string_view json) {
  simdjson::dom::parser parser;
  const auto root = parse_dom(parser, json);
  if (!root) return root.error();
  simdjson::dom::array entries;
  if ((*root)["vulnerabilities"].get(entries) != simdjson::SUCCESS) {
    return Error{Errc::malformed, "want a list \"vulnerabilities\""};
  }
  Catalogue catalogue;
  std::uint64_t count = 0;
  for (const simdjson::dom::element entry : entries) {
    if (auto added = catalogue.add(text_in(entry, "cveID"), text_in(entry, "dateAdded")); !added) return added.error();
    ++count;
  }
  std::uint64_t stated = 0;
  if ((*root)["count"].get(stated) == simdjson::SUCCESS && stated != count) {
    return Error{Errc::malformed,
                 "says that it has " + std::to_string(stated) + " entries, and has " + std::to_string(count)};
  }
  return catalogue.take(text_in(*root, "dateReleased"));
}

Result<OverlayPart> parse_csv(std::string_view text) {
  CsvReader reader(text);
  std::vector<std::string> fields;
  const auto head = reader.next(fields);
  if (!head) return head.error();
  const auto column_of = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(fields.begin(), fields.end(), name) - fields.begin());
  };
  const std::size_t id = column_of("cveID");
  const std::size_t added = column_of("dateAdded");
  const std::size_t columns = fields.size();
  if (id == columns || added == columns) return Error{Errc::malformed, "1: want columns cveID and dateAdded"};
  Catalogue catalogue;
  for (;;) {
    const auto is_there = reader.next(fields);
    if (!is_there) return is_there.error();
    if (!*is_there) return catalogue.take("");
    const std::string place = std::to_string(reader.line());
    if (fields.size() != columns) {
      return Error{Errc::malformed, place + ": want " + std::to_string(columns) + " fields, as the first line has"};
    }
    if (auto taken = catalogue.add(fields[id], fields[added]); !taken) return Error(taken.error()).within(place);
  }
}

}  // namespace

Result<OverlayPart> parse_kev(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && text[first] == '{' ? parse_json(text) : parse_csv(text);
}

}  // namespace initscan
