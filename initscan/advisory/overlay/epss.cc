#include "common/text/lines.h"
#include "common/text/trim.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/overlay/csv.h"
#include "initscan/advisory/overlay/cve_key.h"
#include "initscan/advisory/overlay/overlay_sources.h"

#include <charconv>
#include <cmath>
#include <optional>

namespace initscan {
namespace {

// "0.00383", and "1e-05", as the smallest are written.
std::optional<std::uint32_t> share_in(std::string_view text) {
  double share = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, share);
  if (text.empty() || error != std::errc() || stop != end || !(share >= 0 && share <= 1)) return std::nullopt;
  return static_cast<std::uint32_t>(std::lround(share * kEpssParts));
}

// "2025-02-20T00:00:00+0000" is written without the colon that RFC 3339 wants.
std::string moment_in(std::string_view text) {
  constexpr std::size_t kDigitsOfOffset = 4;
  std::string moment(text);
  const std::size_t sign = moment.find_last_of("+-");
  if (sign != moment.npos && moment.size() - sign - 1 == kDigitsOfOffset) moment.insert(moment.size() - 2, 1, ':');
  const auto read = parse_rfc3339(moment);
  return read ? format_rfc3339(*read) : std::string();
}

// "#model_version:v2025.03.14,score_date:2026-02-20T00:00:00+0000"
Result<void> read_remark(std::string_view line, OverlayPart& part) {
  line.remove_prefix(1);
  while (!line.empty()) {
    const std::string_view entry = line.substr(0, line.find(','));
    line.remove_prefix(std::min(line.size(), entry.size() + 1));
    const std::size_t colon = entry.find(':');
    if (colon == entry.npos) continue;
    const std::string_view value = trimmed(entry.substr(colon + 1));
    if (entry.starts_with("model_version:")) part.model = value;
    if (!entry.starts_with("score_date:")) continue;
    part.date = moment_in(value);
    if (part.date.empty()) return Error{Errc::malformed, "1: score_date: want a time such as 2026-01-31T00:00:00Z"};
  }
  if (part.model.size() > sizeof(OverlaySource::model)) return Error{Errc::over_limit, "1: model_version: too long"};
  return {};
}

}  // namespace

Result<OverlayPart> parse_epss(std::string_view text) {
  OverlayPart part;
  std::size_t lines_before = 0;
  if (text.starts_with('#')) {
    if (auto read = read_remark(trimmed(take_line(text)), part); !read) return read.error();
    lines_before = 1;
  }
  CsvReader reader(text);
  std::vector<std::string> fields;
  const auto head = reader.next(fields);
  const auto place = [&] { return std::to_string(lines_before + reader.line()) + ": "; };
  if (!head) return head.error();
  if (fields != std::vector<std::string>{"cve", "epss", "percentile"}) {
    return Error{Errc::malformed, place() + "want the head cve,epss,percentile"};
  }
  for (;;) {
    const auto is_there = reader.next(fields);
    if (!is_there) return is_there.error();
    if (!*is_there) return part;
    if (fields.size() != 3) return Error{Errc::malformed, place() + "want a CVE and two numbers"};
    const auto score = share_in(fields[1]);
    const auto percentile = share_in(fields[2]);
    if (!score || !percentile) return Error{Errc::malformed, place() + "want two numbers from 0 to 1"};
    const auto key = cve_key(fields[0]);
    if (!key) {
      ++part.skipped["names that are no CVE"];
      continue;
    }
    if (part.vulnerabilities.size() == kMaxOverlayVulnerabilities) {
      return Error{Errc::over_limit, "more than " + std::to_string(kMaxOverlayVulnerabilities) + " scores"};
    }
    part.vulnerabilities.push_back({.number = static_cast<std::uint32_t>(*key),
                                    .year = static_cast<std::uint16_t>(*key >> kBitsOfNumber),
                                    .known_since = 0,
                                    .epss = *score,
                                    .percentile = *percentile});
  }
}

}  // namespace initscan
