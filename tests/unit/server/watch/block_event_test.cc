#include "server/watch/block_event.h"

#include "tests/unit/server/pods/made_pod.h"

#include <gtest/gtest.h>

namespace initscan::server {
namespace {

using Json = nlohmann::json;

Json told(const Json& pod, BlockReason reason) {
  return event_json(event_of(blocked_pod_of(pod, reason), "initscan-server"), std::chrono::sys_seconds{});
}

TEST(BlockEvent, SaysWhatTheGateSaid) {
  const Json pod = with_status(made_pod(), waiting("CrashLoopBackOff"),
                               ended(2, line_of("verdict=fail") + "initscan: FAIL 1: CVE-1 openssl\nmore\n"));
  const Json event = told(pod, BlockReason::gate_failed);
  EXPECT_EQ(event["reason"], "ScanFailed");
  EXPECT_EQ(event["type"], "Warning");
  EXPECT_EQ(
      event["message"],
      "initscan's gate refuses this pod: initscan: FAIL 1: CVE-1 openssl; see kubectl logs web-1 -c initscan-gate");
  EXPECT_EQ(event["involvedObject"]["uid"], "u1");
  EXPECT_EQ(event["metadata"]["name"], "initscan-blocked.u1.gate-failed") << "the same pod and reason, the same name";
}

TEST(BlockEvent, SaysWhatAContainerWaitsFor) {
  Json pod = with_status(made_pod(), waiting("ErrImagePull"));
  pod["status"]["initContainerStatuses"][0]["state"]["waiting"]["message"] = "no such host";
  EXPECT_EQ(
      told(pod, BlockReason::image_pull)["message"],
      "this pod cannot be scanned, because an image cannot be pulled: initscan-gate: ErrImagePull: no such host; see "
      "kubectl logs web-1 -c initscan-gate");
}

TEST(BlockEvent, OfAKilledGateHasNoWords) {
  EXPECT_EQ(told(with_status(made_pod(), ended(137)), BlockReason::undecided)["message"],
            "initscan's gate could not decide, so this pod does not start; see kubectl logs web-1 -c initscan-gate");
}

TEST(BlockEvent, IsShortAndVisibleWhateverTheStatusHolds) {
  const Json pod = with_status(made_pod(), ended(2, "\x1b[31m" + std::string(4000, 'x')));
  const std::string message = told(pod, BlockReason::gate_failed)["message"];
  EXPECT_LE(message.size(), 1024u);
  EXPECT_EQ(message.find('\x1b'), message.npos);
}

}  // namespace
}  // namespace initscan::server
