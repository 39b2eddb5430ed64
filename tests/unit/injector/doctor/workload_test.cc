#include "injector/doctor/workload.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;
using std::chrono::days;
using std::chrono::seconds;

const Installation kNames;
constexpr std::chrono::sys_seconds kNow{days(20'000)};  // 2024-10-04
const Json kHook = Json::parse(
    R"({"clientConfig":{"service":{"name":"initscan-injector","namespace":"initscan-system","path":"/mutate","port":443}}})");
const Json kService = Json::parse(R"({"spec":{"ports":[{"port":443}]}})");

TEST(Service, NeedsSomebodyBehindIt) {
  const auto judge = [](const char* endpoints) {
    return judge_service({kService, ""}, {{Json{{"endpoints", Json::parse(endpoints)}}}, ""}, kHook, kNames);
  };
  EXPECT_EQ(judge(R"([{"conditions":{"ready":true}},{"conditions":{"ready":false}},{}])").fact,
            "Service initscan-system/initscan-injector: 2 endpoints are ready");
  EXPECT_EQ(judge(R"([{"conditions":{"ready":false}}])").state, CheckState::error);
  EXPECT_EQ(judge("null").state, CheckState::error);
  EXPECT_EQ(judge_service({kService, ""}, {{}, "403"}, kHook, kNames).state, CheckState::unknown);
}

TEST(Service, IsTheOneThatTheWebhookAsks) {
  EXPECT_EQ(judge_service({}, {}, kHook, kNames).fact, "there is no Service initscan-system/initscan-injector");
  Json hook = kHook;
  hook["clientConfig"]["service"]["port"] = 8443;
  EXPECT_NE(judge_service({kService, ""}, {}, hook, kNames).fact.find("has no port 8443"), std::string::npos);
  hook["clientConfig"]["service"]["name"] = "other";
  EXPECT_NE(judge_service({kService, ""}, {}, hook, kNames).fact.find("calls Service initscan-system/other, not"),
            std::string::npos);
  hook["clientConfig"] = {{"url", "https://localhost:1/mutate"}};
  EXPECT_EQ(judge_service({}, {}, hook, kNames).state, CheckState::ok);
}

TEST(Deployment, HasItsReplicas) {
  const auto judge = [](const char* object) { return judge_deployment({Json::parse(object), ""}, kNames); };
  EXPECT_EQ(judge(R"({"spec":{"replicas":2},"status":{"availableReplicas":2}})").state, CheckState::ok);
  EXPECT_EQ(judge(R"({"spec":{"replicas":2},"status":{"availableReplicas":1}})").state, CheckState::warning);
  EXPECT_EQ(judge(R"({"spec":{"replicas":2},"status":{}})").state, CheckState::error);
  EXPECT_NE(judge(R"({"spec":{"replicas":0},"status":{}})").advice.find("kubectl scale"), std::string::npos);
  EXPECT_EQ(judge("null").state, CheckState::warning);
}

TEST(Lease, IsHeldByWhoeverRenewsIt) {
  const auto judge = [](const char* renewed, const char* holder, std::chrono::sys_seconds now) {
    return judge_lease(
        {Json{{"spec", {{"renewTime", renewed}, {"holderIdentity", holder}, {"leaseDurationSeconds", 15}}}}, ""},
        kNames, now);
  };
  EXPECT_EQ(judge("2024-10-04T00:00:00.000000Z", "a", kNow + seconds(40)).state, CheckState::ok);
  EXPECT_EQ(judge("2024-10-04T00:00:00.000000Z", "a", kNow + seconds(50)).state, CheckState::error);
  EXPECT_EQ(judge("2024-10-04T00:00:00.000000Z", "", kNow).state, CheckState::error);
  EXPECT_EQ(judge("soon", "a", kNow).state, CheckState::error);
  EXPECT_NE(judge_lease({}, kNames, kNow).fact.find("no replica has ever led"), std::string::npos);
}

TEST(Crds, AreThereAndEstablished) {
  std::vector<Json> crds;
  for (const char* const name :
       {"clusterscanpolicies.initscan.io", "scanpolicies.initscan.io", "scanexemptions.initscan.io"}) {
    crds.push_back({{"metadata", {{"name", name}}},
                    {"status", {{"conditions", {{{"type", "Established"}, {"status", "True"}}}}}}});
  }
  EXPECT_EQ(judge_crds({crds, ""}).state, CheckState::ok);
  EXPECT_EQ(judge_crds({crds, "403"}).state, CheckState::unknown);
  crds[1]["status"] = nullptr;
  EXPECT_EQ(judge_crds({crds, ""}).fact, "CustomResourceDefinition scanpolicies.initscan.io is not established");
  crds.erase(crds.begin());
  EXPECT_EQ(judge_crds({crds, ""}).fact, "there is no CustomResourceDefinition clusterscanpolicies.initscan.io");
}

}  // namespace
}  // namespace initscan::injector
