#pragma once

#include "common/result.h"
#include "initscan/model/finding.h"
#include "initscan/model/sbom.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// What an answer may hold. A desktop with all of its kernels has some thousand findings.
inline constexpr std::size_t kMaxMatchAnswerBytes = 32 << 20;
inline constexpr std::size_t kMaxAnswerFindings = 20'000;  // with what is in doubt
inline constexpr std::size_t kMaxAnswerSentences = 1'000;  // of one kind
inline constexpr std::size_t kMaxAnswerReleases = 64;
inline constexpr std::size_t kMaxAnswerOverlaySources = 16;

// A vulnerability for which it cannot be decided whether its package has it. Who asked judges it.
struct DoubtfulFinding {
  Finding finding;
  std::string why;

  bool operator==(const DoubtfulFinding&) const = default;
};

// What one who has an index tells another about an SBOM: what a Matcher hands over and returns, and of what it holds.
struct MatchAnswer {
  std::string sbom_sha256;  // of the document that was matched
  std::string data_date;    // of the newest advisory that was asked, RFC 3339, or ""
  MatchResult result;       // with its findings; what is in doubt is in `doubts` alone
  std::vector<DoubtfulFinding> doubts;

  bool operator==(const MatchAnswer&) const = default;
};

/// The answer as JSON (docs/schemas/server.openapi.yaml: Match). Packages are named by their place in `sbom`, which is
/// the one that was matched.
std::string write_match_answer(const MatchAnswer& answer, const Sbom& sbom);

/// Reads an answer about `sbom`. What is not of one piece with it is an error: a package that it does not have there,
/// more or fewer packages, a release that is not its own, packages that are missing without a word, a key that is not
/// known. `json` is anybody's. Errors: malformed; unsupported - another schema; over_limit.
Result<MatchAnswer> read_match_answer(std::string_view json, const Sbom& sbom);

}  // namespace initscan
