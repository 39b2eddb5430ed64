// A server's answer: what is taken is about the SBOM's own packages, explains what it left out, and survives being
// written again.
#include "initscan/match/match_answer.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace initscan;
  static const Sbom kSbom = [] {
    Sbom sbom;
    sbom.os = {"debian", "12", "bookworm", ""};
    sbom.packages = {{PackageType::deb, "libssl3", "3.0.9-1", "amd64", "openssl", "3.0.9-1", "s"},
                     {PackageType::deb, "zlib1g", "1.2-1", "amd64", "zlib", "1.2-1", "s"}};
    return sbom;
  }();
  const auto answer = read_match_answer({reinterpret_cast<const char*>(data), size}, kSbom);
  if (!answer) return 0;
  const MatchResult& result = answer->result;
  const bool is_explained = !result.over_limit.empty() || !result.no_data.empty() || !result.unmatched.empty();
  if (result.checked > kSbom.packages.size() || (result.checked < kSbom.packages.size() && !is_explained)) std::abort();
  if (result.findings.size() + answer->doubts.size() > kMaxAnswerFindings) std::abort();
  for (const Finding& finding : result.findings) {
    if (finding.package != kSbom.packages[0] && finding.package != kSbom.packages[1]) std::abort();
  }
  const auto again = read_match_answer(write_match_answer(*answer, kSbom), kSbom);
  if (!again || *again != *answer) std::abort();
  return 0;
}
