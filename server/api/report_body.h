#pragma once

#include "common/result.h"
#include "server/store/reports.h"

#include <optional>
#include <string>
#include <string_view>

namespace initscan::server {

inline constexpr std::size_t kMaxReference = 512;     // bytes of what a pod calls an image
inline constexpr std::size_t kMaxDate = 64;           // bytes of a time, whose fraction of a second has no end
inline constexpr std::size_t kMaxReportNesting = 32;  // objects in objects
inline constexpr std::size_t kMaxReportedFindingsRead = 100'000;

// A report as its body says it. Who sends it is none of the body's business.
struct ReportBody {
  Report report;  // digest ("": its node has to say it), reference, verdict, counts, data_date, policy_sha256,
                  // verdict_sha256
  std::optional<std::string> sbom;  // the document as its collector wrote it
};

/// Reads {"schema": "initscan.io/report/v1", "image": {"digest", "reference"}, "verdict": {...}, "sbom": "..."}: the
/// digest, which an image that is named by a tag does not have; the verdict as `--format json` writes it, of one image;
/// the SBOM, which may be left out, as one text, so that its hash is that of the collector's document. Another key is
/// an error. `json` is anybody's. Errors: malformed, unsupported - another schema; over_limit.
Result<ReportBody> parse_report(std::string_view json);

}  // namespace initscan::server
