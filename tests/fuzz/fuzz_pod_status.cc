#include "common/crypto/sha256.h"
#include "common/json/parse.h"
#include "initscan/model/image_digest.h"
#include "server/pods/pod_state.h"
#include "server/pods/reporting_pod.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <nlohmann/json.hpp>

using namespace initscan::server;

// Of a pod that is any JSON at all: there is an answer, and it does not contradict itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto pod = initscan::json_or_null({reinterpret_cast<const char*>(data), size});
  static const initscan::AcceptedGates kAccepted{{"i"}, {}, {initscan::sha256_hex("{}")}, {}, {}};
  const PodReading reading = read_pod(pod, kAccepted);
  if (reading.scans.size() > 2) std::abort();
  for (const Scan& scan : reading.scans) {
    if (scan.container_id.empty() || scan.container_id.size() > kMaxContainerIdBytes) std::abort();
    const bool is_undecided = scan.verdict == initscan::Outcome::undecided;
    if (is_undecided == scan.reason.empty() && scan.verdict != initscan::Outcome::fail) std::abort();
    if (!is_undecided && !scan.line) std::abort();
  }
  if (!check_gate(pod, {}).problem.empty() && check_gate(pod, {}).gate) std::abort();
  const ReportingPod reporting = reporting_pod_of(pod);
  if (reporting.workload.kind.empty() || reporting.images.size() > initscan::kMaxOwnContainers) std::abort();
  for (const auto& [reference, image] : reporting.images) {
    if (!image.digest.empty() && (image.may_follow || !initscan::is_image_digest(image.digest))) std::abort();
  }
  return 0;
}
