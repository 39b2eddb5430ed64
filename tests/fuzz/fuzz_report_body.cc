// A report: what is taken has every part that the store's keys are made of.
#include "initscan/model/image_digest.h"
#include "server/api/report_body.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace initscan::server;
  const auto body = parse_report({reinterpret_cast<const char*>(data), size});
  if (!body) return 0;
  const Report& report = body->report;
  if (!initscan::is_image_digest(report.digest) || report.policy_sha256.size() != 64 ||
      report.verdict_sha256.size() != 64) {
    std::abort();
  }
  if (report.verdict != "pass" && report.verdict != "undecided" && report.verdict != "fail") std::abort();
  if (body->sbom.has_value() != report.sbom_sha256.has_value()) std::abort();
  // Who sends it is never the body's word.
  if (!(report.namespace_ + report.pod + report.pod_uid + report.node + report.reporter).empty()) std::abort();
  return 0;
}
