#include "initscan/report/gate_line.h"

#include "common/crypto/sha256.h"
#include "common/time/rfc3339.h"

#include <algorithm>

namespace initscan {
namespace {

constexpr std::size_t kMostFindings = 999'999;  // that are told: their digits have to fit
constexpr std::chrono::milliseconds kLongest{99'999'999};

// Of a pass: that the server could not be asked, which it is one in spite of.
std::optional<ReasonId> accepted_reason(const Verdict& verdict) {
  for (const ImageVerdict& image : verdict.images) {
    for (const Reason& warning : image.warnings) {
      if (is_of_server(warning.id)) return warning.id;
    }
  }
  return std::nullopt;
}

std::optional<ReasonId> first_reason(const Verdict& verdict) {
  if (verdict.outcome == Outcome::pass) return accepted_reason(verdict);
  if (verdict.outcome == Outcome::fail) return std::nullopt;
  for (const ImageVerdict& image : verdict.images) {
    if (!image.undecided.empty()) return image.undecided.front().id;
  }
  return ReasonId::no_image;
}

std::string sbom_hash_of(const Verdict& verdict) {
  std::string hashes;
  for (const ImageVerdict& image : verdict.images) {
    if (image.sbom_sha256.empty()) return {};
    hashes += image.sbom_sha256 + '\n';
  }
  if (verdict.images.size() == 1) return verdict.images.front().sbom_sha256;
  return hashes.empty() ? hashes : sha256_hex(hashes);
}

std::string number(std::size_t n) {
  return std::to_string(std::min(n, kMostFindings));
}

std::string counts_in(const FindingCounts& counts) {
  std::string words;
  for (std::size_t i = kSeverities; i-- > 0;) {
    const auto severity = static_cast<Severity>(i);
    const auto& [findings, fixable] = counts[severity];
    words += ' ' + std::string(to_string(severity)) + '=' + number(findings) + '/' + number(fixable);
  }
  return words;
}

}  // namespace

GateLine gate_line_of(const Verdict& verdict, std::chrono::milliseconds took) {
  GateLine line;
  line.outcome = verdict.outcome;
  line.only_reports = verdict.enforcement == Enforcement::report;
  line.reason = first_reason(verdict);
  for (const ImageVerdict& image : verdict.images) line.counts += image.counts;
  // One form of a date alone, whatever feeds write.
  if (const auto date = parse_rfc3339(verdict.data_date)) line.index_date = format_rfc3339(*date);
  line.sbom_sha256 = sbom_hash_of(verdict);
  line.took = took;
  return line;
}

std::string write_gate_line(const GateLine& line) {
  std::string words(kGateLineStart);
  words += "verdict=" + std::string(to_string(line.outcome));
  if (line.only_reports) words += " enforcement=report";
  if (line.reason) words += " reason=" + std::string(to_string(*line.reason));
  words += counts_in(line.counts);
  if (!line.index_date.empty()) words += " index=" + line.index_date;
  const std::string hash = line.sbom_sha256.empty() ? "" : " sbom=sha256:" + line.sbom_sha256;
  const std::string end =
      " ms=" + std::to_string(std::clamp(line.took, decltype(kLongest){0}, kLongest).count()) + '\n';
  const bool fits = words.size() + hash.size() + end.size() <= kMaxGateLineBytes;
  return words + (fits ? hash : "") + end;
}

}  // namespace initscan
