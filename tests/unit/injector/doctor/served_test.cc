#include "injector/doctor/served.h"

#include "injector/certificates/authority.h"
#include "injector/cluster/certificate_keeper.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds kNow{std::chrono::days(20'000)};
const CheckItem kInjected = CheckItem::ok("dry-run pod", "");
const CheckItem kNotTried = CheckItem::unknown("dry-run pod", "", "");

TEST(Metric, IsReadFromTheTextFormat) {
  const std::string metrics = "# HELP a b\n# TYPE a gauge\na 1.5e3\nab 7\nb{x=\"1\"} 2\nb{x=\"2\"} 5\nc rubbish\n";
  EXPECT_EQ(metric_of(metrics, "a"), 1500.0);
  EXPECT_EQ(metric_of(metrics, "b"), 5.0);
  EXPECT_EQ(metric_of(metrics, "c"), std::nullopt);
  EXPECT_EQ(metric_of("", "a"), std::nullopt);
}

class ServedCertificate : public testing::Test {
 protected:
  ServedCertificate() {
    TlsState state;
    state.authority = *make_authority("initscan", kNow, 24h * 365);
    state.leaf = *issue_leaf(state.authority, {"a"}, kNow, 1000s);
    secret_.object = {{"data", secret_data(state)}};
  }
  CheckItem judge(const CheckItem& trial = kNotTried) const { return judge_served(served_, secret_, trial, kNow); }

  Served served_;
  Found secret_;
};

TEST_F(ServedCertificate, IsTheSecrets) {
  served_.metrics = "initscan_certificate_expiry_seconds 999.5\n";
  EXPECT_EQ(judge().fact, "caBundle trusts it, and it is the Secret's");
  served_.metrics = "initscan_certificate_expiry_seconds 500\n";
  EXPECT_EQ(judge().state, CheckState::error);
  secret_ = {nullptr, "403"};
  EXPECT_EQ(judge().fact, "caBundle trusts it");
  served_.metrics = "initscan_certificate_expiry_seconds -1e300\n";
  EXPECT_EQ(judge().state, CheckState::ok) << "without the Secret there is nothing to compare with";
}

TEST_F(ServedCertificate, IsNotTrusted) {
  served_.failure = "cannot speak TLS: certificate verify failed";
  served_.distrusted = true;
  EXPECT_EQ(judge(kInjected).state, CheckState::error);
}

TEST_F(ServedCertificate, IsOutOfReach) {
  served_.failure = "cannot find the server";
  EXPECT_EQ(judge(kNotTried).state, CheckState::unknown);
  EXPECT_EQ(judge(kInjected).state, CheckState::ok) << "the API server has trusted it a moment ago";
}

TEST_F(ServedCertificate, ComesThroughTheApiServerThatDoesNotLookAtIt) {
  served_.by_proxy = true;
  served_.metrics = "initscan_certificate_expiry_seconds 999.5\n";
  EXPECT_EQ(judge(kNotTried).fact, "it is the Secret's");
  secret_ = {nullptr, "403"};
  EXPECT_EQ(judge(kNotTried).state, CheckState::unknown);
  EXPECT_EQ(judge(kInjected).state, CheckState::ok);
}

TEST_F(ServedCertificate, OfSomethingElseIsNotKnown) {
  served_.metrics = "go_goroutines 7\n";
  EXPECT_EQ(judge().state, CheckState::unknown);
}

TEST(Knowledge, IsAsOldAsItsOldestWatch) {
  Served served;
  served.metrics =
      "initscan_watch_age_seconds{resource=\"namespaces\"} 0\ninitscan_watch_age_seconds{resource=\"x\"} 90\n";
  EXPECT_EQ(judge_knowledge(served).fact, "its knowledge of the cluster is 90 s old; it continues with that");
  served.metrics = "initscan_watch_age_seconds{resource=\"namespaces\"} 0\n";
  EXPECT_EQ(judge_knowledge(served).state, CheckState::ok);
  served.failure = "out of reach";
  EXPECT_EQ(judge_knowledge(served).state, CheckState::unknown);
}

}  // namespace
}  // namespace initscan::injector
