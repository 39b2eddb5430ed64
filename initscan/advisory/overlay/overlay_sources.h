#pragma once

#include "common/result.h"
#include "initscan/advisory/feed/reason_counts.h"
#include "initscan/advisory/overlay/overlay_format.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxOverlayText = 64 << 20;  // of one file of a source

// What one file of a source says.
struct OverlayPart {
  std::string date;   // RFC 3339, or "" where it does not say
  std::string model;  // that computed it, or ""
  std::vector<ExploitationRecord> vulnerabilities{};
  std::map<std::string, std::int32_t> ends{};  // "debian 12" -> days since 1970, the first without support
  ReasonCounts skipped{};
};

/// CISA's catalogue of known exploited vulnerabilities, JSON or CSV. Its date is that of its release, or else of the
/// newest entry. Source: cisa.gov/known-exploited-vulnerabilities-catalog.
/// Errors: malformed - also a catalogue that has fewer entries than it says; over_limit.
Result<OverlayPart> parse_kev(std::string_view text);

/// EPSS's scores, a CSV with the model and the date in a line before its head. Source: first.org/epss/data_stats.
/// Errors, with the line: malformed; over_limit.
Result<OverlayPart> parse_epss(std::string_view text);

/// Releases as the interface v1 of endoflife.date tells them, of one product or of all. Of distributions alone:
/// nothing here says which product a package is. Source: endoflife.date/docs/api/v1.
/// Errors, with the product: malformed; over_limit.
Result<OverlayPart> parse_end_of_life(std::string_view json);

// The kinds of sources, by the names that `db overlay --from KIND:PATH` takes.
struct OverlayFormat {
  std::string_view kind;                   // "kev"
  std::string_view wants;                  // for people: "*.json or *.csv"
  bool (*is_file)(std::string_view path);  // which files of a folder or an archive belong to it
  Result<OverlayPart> (*parse)(std::string_view text);
};

const std::vector<OverlayFormat>& overlay_formats();

}  // namespace initscan
