#include "injector/doctor/webhooks.h"

#include "common/crypto/base64.h"
#include "injector/certificates/authority.h"
#include "injector/cluster/certificate_keeper.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

const Installation kNames;
constexpr std::chrono::sys_seconds kNow{std::chrono::days(20'000)};

// As deploy/kustomize/base has it.
Json good() {
  return Json::parse(R"({"webhooks":[{"name":"injector.initscan.io","failurePolicy":"Ignore","timeoutSeconds":3,
    "reinvocationPolicy":"IfNeeded","clientConfig":{"service":{"name":"initscan-injector","namespace":"initscan-system","path":"/mutate","port":443}},
    "namespaceSelector":{"matchLabels":{"initscan.io/inject":"enabled"},"matchExpressions":[{"key":"kubernetes.io/metadata.name",
    "operator":"NotIn","values":["kube-system","initscan-system"]}]},
    "rules":[{"operations":["CREATE"],"resources":["pods"]}]}]})");
}

struct Case {
  const char* name;
  void (*change)(Json& hook);
  CheckState state;
  const char* fact;  // a part of it
};

class Webhook : public testing::TestWithParam<Case> {};

TEST_P(Webhook, IsJudged) {
  Json configuration = good();
  GetParam().change(configuration["webhooks"][0]);
  const CheckItem item = judge_webhook({configuration, ""}, kNames);
  EXPECT_EQ(to_string(item.state), to_string(GetParam().state)) << item.fact;
  EXPECT_NE(item.fact.find(GetParam().fact), std::string::npos) << item.fact;
  EXPECT_EQ(item.advice.empty(), item.state == CheckState::ok);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Webhook,
    testing::Values(
        Case{"Good", [](Json&) {}, CheckState::ok,
             "is called for new pods, times out after 3 s at most, and fails open"},
        Case{"ByUrl",
             [](Json& h) {
               h["clientConfig"] = {{"url", "https://localhost:1/mutate"}};
             },
             CheckState::ok, "is called for new pods"},
        Case{"AnotherPath", [](Json& h) { h["clientConfig"]["service"]["path"] = "/"; }, CheckState::error,
             "no webhook leads to /mutate"},
        Case{"NoRule", [](Json& h) { h.erase("rules"); }, CheckState::error, "not called when pods are created"},
        Case{"UpdatesOnly", [](Json& h) { h["rules"][0]["operations"] = {"UPDATE"}; }, CheckState::error, "not called"},
        Case{"WaitsForItself", [](Json& h) { h["namespaceSelector"].erase("matchExpressions"); }, CheckState::error,
             "wait for itself"},
        Case{"FailsClosed", [](Json& h) { h["failurePolicy"] = "Fail"; }, CheckState::warning,
             "failurePolicy is not Ignore"},
        Case{"DefaultTimeout", [](Json& h) { h.erase("timeoutSeconds"); }, CheckState::warning, "pods wait 10 s"},
        Case{"Once", [](Json& h) { h["reinvocationPolicy"] = "Never"; }, CheckState::warning,
             "reinvocationPolicy is not IfNeeded"}),
    [](const auto& test) { return test.param.name; });

TEST(Webhook, ThatIsMissingIsAnErrorAndOneThatIsHiddenIsUnknown) {
  EXPECT_EQ(judge_webhook({}, kNames).fact, "there is no MutatingWebhookConfiguration initscan");
  EXPECT_EQ(judge_webhook({}, kNames).state, CheckState::error);
  const CheckItem hidden = judge_webhook({nullptr, "GET /x: 403 Forbidden"}, kNames);
  EXPECT_EQ(hidden.state, CheckState::unknown);
  EXPECT_EQ(hidden.fact, "GET /x: 403 Forbidden");
}

TEST(Webhook, IsJudgedEntryByEntry) {
  Json configuration = good();
  configuration["webhooks"].push_back(configuration["webhooks"][0]);
  configuration["webhooks"][1].update({{"name", "second"}, {"timeoutSeconds", 5}});
  EXPECT_EQ(
      judge_webhook({configuration, ""}, kNames).fact,
      "MutatingWebhookConfiguration initscan is called for new pods, times out after 5 s at most, and fails open");
  configuration["webhooks"][1]["failurePolicy"] = "Fail";
  const CheckItem item = judge_webhook({configuration, ""}, kNames);
  EXPECT_EQ(item.state, CheckState::warning);
  EXPECT_TRUE(item.fact.starts_with("MutatingWebhookConfiguration initscan, second: failurePolicy is not Ignore"))
      << item.fact;
  configuration["webhooks"][1]["clientConfig"]["service"]["path"] = "/bypass";
  EXPECT_EQ(judge_webhook({configuration, ""}, kNames).state, CheckState::ok);
}

TEST(Webhook, HasAnAddress) {
  Json hook = good()["webhooks"][0];
  EXPECT_EQ(address_of(hook).host, "initscan-injector.initscan-system.svc");
  EXPECT_EQ(address_of(hook).port, "443");
  EXPECT_TRUE(address_of(hook).by_service);
  hook["clientConfig"] = {{"url", "https://localhost:8443/mutate"}};
  EXPECT_EQ(address_of(hook).host, "localhost");
  EXPECT_EQ(address_of(hook).port, "8443");
  EXPECT_FALSE(address_of(hook).by_service);
}

// A Secret as the injector makes it, and a webhook that trusts it.
class Certificates : public testing::Test {
 protected:
  Certificates() {
    state_.authority = *make_authority("initscan", kNow, 24h * 365);
    state_.bundle = state_.authority.certificate;
    issue("initscan-injector.initscan-system.svc");
    configuration_["webhooks"][0]["clientConfig"]["caBundle"] = base64_encode(state_.bundle);
  }
  void issue(const char* name) { state_.leaf = *issue_leaf(state_.authority, {name}, kNow, 24h * 30); }
  CheckItem bundle() const { return judge_ca_bundle({configuration_, ""}, secret(), kNames); }
  CheckItem certificate(std::chrono::sys_seconds now = kNow) const {
    return judge_certificate({configuration_, ""}, secret(), kNames, now);
  }
  Found secret() const { return {Json{{"data", secret_data(state_)}}, {}}; }

  TlsState state_;
  Json configuration_ = good();
};

TEST_F(Certificates, AreWellWhereTheyMatch) {
  EXPECT_EQ(bundle().fact, "ca.crt of Secret initscan-system/initscan-injector-tls in 1 webhook");
  EXPECT_EQ(bundle().state, CheckState::ok);
  EXPECT_EQ(certificate().fact, "for initscan-injector.initscan-system.svc until 2024-11-03T00:00:00Z (30 days)");
  EXPECT_EQ(certificate().state, CheckState::ok);
}

TEST_F(Certificates, ABundleThatIsAnother) {
  configuration_["webhooks"].push_back(configuration_["webhooks"][0]);
  configuration_["webhooks"][1]["name"] = "second";
  configuration_["webhooks"][1]["clientConfig"]["caBundle"] = base64_encode(make_authority("x", kNow, 1h)->certificate);
  EXPECT_EQ(bundle().state, CheckState::error);
  EXPECT_EQ(bundle().fact, "second: its caBundle is not ca.crt of Secret initscan-system/initscan-injector-tls");
  configuration_["webhooks"][1]["clientConfig"].erase("caBundle");
  EXPECT_EQ(bundle().fact, "second has no caBundle: the API server cannot trust the injector");
}

TEST_F(Certificates, ASecretThatIsHiddenOrMissing) {
  EXPECT_EQ(judge_ca_bundle({configuration_, ""}, {nullptr, "403"}, kNames).state, CheckState::unknown);
  EXPECT_EQ(judge_ca_bundle({configuration_, ""}, {}, kNames).state, CheckState::warning);
  EXPECT_EQ(judge_certificate({configuration_, ""}, {nullptr, "403"}, kNames, kNow).state, CheckState::unknown);
  EXPECT_EQ(judge_certificate({configuration_, ""}, {}, kNames, kNow).state, CheckState::unknown);
}

TEST_F(Certificates, FromFilesOnlyTheBundleIsSeen) {
  EXPECT_EQ(judge_given_bundle({configuration_, ""}).state, CheckState::ok);
  configuration_["webhooks"][0]["clientConfig"].erase("caBundle");
  EXPECT_EQ(judge_given_bundle({configuration_, ""}).state, CheckState::error);
  EXPECT_EQ(judge_given_bundle({nullptr, "403"}).state, CheckState::unknown);
}

TEST_F(Certificates, ACertificateThatIsOfNoUse) {
  issue("other");
  EXPECT_NE(certificate().fact.find("tls.crt is not for initscan-injector.initscan-system.svc"), std::string::npos);
  EXPECT_EQ(certificate().state, CheckState::error);
  state_.bundle = make_authority("x", kNow, 1h)->certificate;
  EXPECT_NE(certificate().fact.find("ca.crt did not sign tls.crt"), std::string::npos);
  state_.leaf.certificate = "rubbish";
  EXPECT_NE(certificate().fact.find("tls.crt: want a certificate in PEM"), std::string::npos);
}

TEST_F(Certificates, ACertificateThatEnds) {
  EXPECT_EQ(certificate(kNow + 24h * 24).state, CheckState::ok);
  EXPECT_EQ(certificate(kNow + 24h * 26).state, CheckState::warning);
  EXPECT_EQ(certificate(kNow + 24h * 30).state, CheckState::error);
  EXPECT_EQ(certificate(kNow + 24h * 30).fact,
            "Secret initscan-system/initscan-injector-tls: tls.crt expired at 2024-11-03T00:00:00Z");
}

}  // namespace
}  // namespace initscan::injector
