#include "injector/cluster/status.h"

#include "common/time/rfc3339.h"
#include "injector/cluster/settings.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

std::chrono::sys_seconds at(const char* time) {
  return *parse_rfc3339(time);
}

Json condition(const Json& status, const char* type) {
  for (const Json& each : status["conditions"]) {
    if (each["type"] == type) return each;
  }
  return nullptr;
}

class Statuses : public testing::Test {
 protected:
  Json object(std::string namespace_name, std::string name, Json spec) const {
    return {{"metadata",
             {{"namespace", namespace_name},
              {"name", name},
              {"generation", 3},
              {"creationTimestamp", "2026-01-01T00:00:00Z"}}},
            {"spec", std::move(spec)}};
  }
  Json exemption(const char* end) const {
    return object("shop", "e", {{"id", "CVE-1"}, {"reason", "not reachable"}, {"expiresAt", end}});
  }
  void label(const char* name) {
    settings_.put(SettingsKind::namespace_,
                  {{"metadata", {{"name", name}, {"labels", {{"initscan.io/inject", "enabled"}}}}}});
  }
  void lenient() {
    settings_.put(SettingsKind::cluster_policy, object("", "default", {{"namespaceExemptions", {{"allowed", true}}}}));
  }
  // The status that is to be written for that path; null where there is none.
  Json update(const std::string& path, const char* now = "2026-01-10T00:00:00Z") const {
    for (const StatusUpdate& each : settings_.status_updates(at(now))) {
      if (each.path == "/apis/initscan.io/v1alpha1/" + path) return each.status;
    }
    return nullptr;
  }
  ClusterSettings settings_{InjectorConfig{}, Policy{}, ModeWish::automatic, Mode::copy};
};

TEST_F(Statuses, APolicySaysWhereItHolds) {
  settings_.put(SettingsKind::cluster_policy, object("", "default", {{"onlyFixed", true}}));
  label("shop");
  label("bank");
  settings_.put(SettingsKind::namespace_policy, object("shop", "p", {{"failOn", {{"severity", "low"}}}}));
  const Json status = update("clusterscanpolicies/default/status");
  EXPECT_EQ(status["namespaces"], 2);
  EXPECT_EQ(status["observedGeneration"], 3);
  EXPECT_EQ(condition(status, "Accepted")["status"], "True");
  EXPECT_EQ(condition(status, "Degraded")["status"], "False");
  EXPECT_EQ(update("namespaces/shop/scanpolicies/p/status")["namespaces"], 1);
}

// Before the API server accepts it, pods still get what was before.
TEST_F(Statuses, NothingIsSaidThatTheNextPodWouldNotGet) {
  label("shop");
  settings_.set_published({});
  EXPECT_TRUE(settings_.settled_namespaces() == std::vector<std::string>{"shop"});
  settings_.put(SettingsKind::namespace_policy, object("shop", "p", {{"failOn", {{"severity", "low"}}}}));
  const std::string path = "namespaces/shop/scanpolicies/p/status";
  EXPECT_TRUE(update(path).is_null());
  EXPECT_TRUE(settings_.settled_namespaces().empty());
  std::vector<std::string> keys;
  for (const auto& [key, name] : settings_.accepted()) keys.push_back(key);
  settings_.set_published(keys);
  EXPECT_EQ(condition(update(path), "Accepted")["status"], "True");
  EXPECT_EQ(settings_.settled_namespaces(), std::vector<std::string>{"shop"});
}

TEST_F(Statuses, ABrokenPolicySaysWhyAndWhatHoldsInstead) {
  settings_.put(SettingsKind::cluster_policy, object("", "default", {{"onlyFixed", true}}));
  settings_.put(SettingsKind::cluster_policy, object("", "default", {{"onlyfixed", true}}));
  const Json status = update("clusterscanpolicies/default/status");
  EXPECT_EQ(condition(status, "Accepted")["reason"], "Invalid");
  EXPECT_NE(condition(status, "Accepted")["message"].get<std::string>().find("unknown key \"onlyfixed\""),
            std::string::npos);
  EXPECT_EQ(condition(status, "Degraded")["reason"], "LastGoodInUse");
}

TEST_F(Statuses, AnExemptionIsActiveThenExpired) {
  lenient();
  settings_.put(SettingsKind::exemption, exemption("2026-02-01T00:00:00Z"));
  const std::string path = "namespaces/shop/scanexemptions/e/status";
  EXPECT_EQ(update(path)["state"], "Active");
  EXPECT_EQ(update(path, "2026-01-31T23:59:59Z")["state"], "Active");
  EXPECT_EQ(update(path, "2026-02-01T00:00:00Z")["state"], "Expired");
}

// What is written is not always what it comes to.
TEST_F(Statuses, WhatTheClustersPolicyLeavesOfItIsSaid) {
  settings_.put(SettingsKind::cluster_policy,
                object("", "default",
                       {{"failOn", {{"severity", "high"}}},
                        {"namespaceExemptions", {{"allowed", true}, {"maxSeverity", "medium"}}}}));
  label("shop");
  settings_.put(SettingsKind::exemption, exemption("2026-02-01T00:00:00Z"));
  const auto words = [&](const char* path) {
    return condition(update(path), "Accepted")["message"].get<std::string>();
  };
  EXPECT_TRUE(words("namespaces/shop/scanexemptions/e/status").starts_with("it applies to findings up to medium, "))
      << words("namespaces/shop/scanexemptions/e/status");
  const char* const path = "namespaces/shop/scanpolicies/p/status";
  settings_.put(SettingsKind::namespace_policy, object("shop", "p", {{"failOn", {{"severity", "critical"}}}}));
  EXPECT_EQ(words(path),
            "it tightens nothing: the policy \"default\" applies, is at least as strict, and fails on high");
  settings_.put(SettingsKind::namespace_policy, object("shop", "p", {{"failOn", {{"severity", "low"}}}}));
  EXPECT_EQ(words(path), "it applies as written");
}

TEST_F(Statuses, AnExemptionThatIsNotAllowedSaysWhy) {
  settings_.put(SettingsKind::exemption, exemption("2026-02-01T00:00:00Z"));
  const std::string path = "namespaces/shop/scanexemptions/e/status";
  Json status = update(path);
  EXPECT_EQ(status["state"], "Refused");
  EXPECT_EQ(condition(status, "Accepted")["reason"], "NotAllowed");
  EXPECT_EQ(condition(status, "Accepted")["message"], "the policy \"default\" does not let namespaces exempt anything");
  lenient();
  settings_.put(SettingsKind::exemption, exemption("2036-02-01T00:00:00Z"));
  status = update(path);
  EXPECT_EQ(status["state"], "Refused");
  EXPECT_NE(condition(status, "Accepted")["message"].get<std::string>().find("longer than the 90 days"),
            std::string::npos);
}

TEST_F(Statuses, WhatStandsThereIsNotWrittenAgain) {
  lenient();
  Json made = exemption("2026-02-01T00:00:00Z");
  settings_.put(SettingsKind::exemption, made);
  const std::string path = "namespaces/shop/scanexemptions/e/status";
  made["status"] = update(path);
  settings_.put(SettingsKind::exemption, made);
  EXPECT_EQ(update(path, "2026-01-20T00:00:00Z"), nullptr);
  const Json later = update(path, "2026-02-02T00:00:00Z");
  EXPECT_EQ(later["state"], "Expired");
  EXPECT_EQ(condition(later, "Accepted")["lastTransitionTime"], "2026-01-10T00:00:00Z") << "that did not change";
  settings_.remove(SettingsKind::exemption, made);
  EXPECT_EQ(update(path), nullptr);
}

TEST_F(Statuses, AListForgetsWhatIsGone) {
  settings_.replace(SettingsKind::cluster_policy, {object("", "a", Json::object()), object("", "b", Json::object())});
  EXPECT_EQ(settings_.status_updates(at("2026-01-01T00:00:00Z")).size(), 2u);
  settings_.replace(SettingsKind::cluster_policy, {object("", "a", Json::object())});
  EXPECT_EQ(settings_.status_updates(at("2026-01-01T00:00:00Z")).size(), 1u);
}

TEST(Status, SurvivesAStatusOfAnyShape) {
  for (const Json& odd : {Json(7), Json::array(), Json{{"conditions", 7}}, Json{{"conditions", {7, {{"type", 7}}}}}}) {
    EXPECT_EQ(condition(status_of({}, 1, odd, at("2026-01-01T00:00:00Z")), "Accepted")["status"], "True");
  }
}

}  // namespace
}  // namespace initscan::injector
