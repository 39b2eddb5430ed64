#include "server/api/match.h"

#include "initscan/match/local_matcher.h"
#include "initscan/match/match_answer.h"
#include "initscan/sbom/cyclonedx_reader.h"
#include "server/api/json_answer.h"
#include "server/api/problem.h"

namespace initscan::server {

namespace {

constexpr const char* kUnjudged = "none";

}  // namespace

ScanAnswer answer_match(std::string_view sbom, const std::string& sha256, const OpenIndex& index) {
  const auto read = read_cyclonedx(sbom);
  if (!read) return {problem(Error(read.error()).within("the SBOM")), {}};
  MatchAnswer answer;
  std::vector<Finding> findings;
  std::size_t total = 0;
  const auto has_room = [&] { return ++total <= kMaxAnswerFindings; };
  const auto take = [&](Finding finding) {
    if (has_room()) findings.push_back(std::move(finding));
  };
  // No exemption is known here: what is in doubt is for whoever asked.
  const auto hand_on = [&](const Finding& finding, const std::string& why) {
    if (has_room()) answer.doubts.push_back({finding, why});
    return true;
  };
  const LocalMatcher matcher(index.advisories(), "the index", index.advisories().data_date(),
                             {index.overlay(), "the overlay"});
  auto result = matcher.match(*read, take, hand_on);
  // Only the index and its overlay can be at fault here, and they are ours.
  if (!result) return {problem(500, result.error().text), {}};
  if (total > kMaxAnswerFindings) {
    return {problem(413, "the SBOM has " + std::to_string(total) + " findings, and an answer holds no more than " +
                             std::to_string(kMaxAnswerFindings) + "; match it with an index of your own"),
            {}};
  }
  answer.sbom_sha256 = sha256;
  answer.data_date = matcher.data_date();
  answer.result = std::move(*result);
  answer.result.findings = std::move(findings);
  return {json_answer(write_match_answer(answer, *read)), kUnjudged};
}

}  // namespace initscan::server
