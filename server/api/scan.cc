#include "server/api/scan.h"

#include "initscan/judging.h"
#include "initscan/match/local_matcher.h"
#include "initscan/report/report.h"
#include "initscan/sbom/cyclonedx_reader.h"
#include "server/api/json_answer.h"
#include "server/api/problem.h"

namespace initscan::server {

ScanAnswer answer_scan(std::string_view sbom, const std::string& sha256, const std::string& image,
                       const OpenIndex& index, const ServerPolicy& policy, std::chrono::sys_seconds now) {
  auto read = read_cyclonedx(sbom);
  if (!read) return {problem(std::move(read).error().within("the SBOM")), {}};
  const LocalMatcher matcher(index.advisories(), "the index", index.advisories().data_date(),
                             {index.overlay(), "the overlay"});
  Judging judging(matcher, policy.policy, now);
  const auto judged = judging.add("0", image, std::move(*read), sha256);
  // Only the index and its overlay can be at fault here, and they are ours.
  if (!judged) return {problem(500, judged.error().text), {}};
  Verdict verdict = judging.conclude();
  verdict.policy_sha256 = policy.sha256;
  return {json_answer(json_report(verdict, now, JsonReader::program)), std::string(to_string(verdict.outcome))};
}

}  // namespace initscan::server
