#include "initscan/advisory/feed/osv_listing.h"

#include "common/json/element.h"
#include "common/json/parse_dom.h"
#include "common/text/ascii.h"
#include "common/text/lines.h"
#include "common/text/trim.h"
#include "common/time/rfc3339.h"

#include <algorithm>

namespace initscan {
namespace {

// It becomes a part of a URL and a file's name.
bool is_listed_id(std::string_view id) {
  const auto is_plain = [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == ':'; };
  return !id.empty() && id.size() <= kMaxListedIdBytes && id.front() != '.' &&
         std::all_of(id.begin(), id.end(), is_plain);
}

}  // namespace

Result<OsvMoment> parse_osv_moment(std::string_view text) {
  const auto seconds = parse_rfc3339(text);
  if (!seconds) return seconds.error();
  OsvMoment moment{seconds->time_since_epoch().count(), {}};
  if (const std::size_t point = text.find('.'); point != text.npos) {
    const std::string_view digits = text.substr(point + 1);
    const std::string_view fraction = digits.substr(0, digits.find_first_not_of("0123456789"));
    moment.fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
  }
  return moment;
}

Result<OsvRecords> parse_osv_listing(std::string_view csv) {
  OsvRecords records;
  for (std::size_t number = 1; !csv.empty(); ++number) {
    const std::string_view line = trimmed(take_line(csv));
    const auto fail = [&](const std::string& what, Errc code = Errc::malformed) {
      return Error{code, std::to_string(number) + ": " + what};
    };
    if (line.empty()) continue;
    const std::size_t comma = line.find(',');
    if (comma == line.npos) return fail("want a time and an id");
    auto moment = parse_osv_moment(line.substr(0, comma));
    if (!moment) return fail(moment.error().text);
    const std::string_view id = line.substr(comma + 1);
    if (!is_listed_id(id)) return fail("an id that is none");
    if (records.size() == kMaxListedRecords) {
      return fail("more than " + std::to_string(kMaxListedRecords) + " records", Errc::over_limit);
    }
    if (!records.emplace(id, std::move(*moment)).second) return fail(std::string(id) + " twice");
  }
  return records;
}

Result<std::pair<std::string, OsvMoment>> parse_osv_stamp(std::string_view json) {
  simdjson::dom::parser parser;
  const auto root = parse_dom(parser, json);
  if (!root) return root.error();
  std::string id(text_in(*root, "id"));
  if (id.empty()) return Error{Errc::malformed, "id: want a text"};
  auto moment = parse_osv_moment(text_in(*root, "modified"));
  if (!moment) return Error(moment.error()).within(id + ": modified");
  return std::pair(std::move(id), std::move(*moment));
}

}  // namespace initscan
