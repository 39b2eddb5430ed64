#include "injector/cluster/settings.h"

#include "common/crypto/sha256.h"
#include "initscan/policy/policy_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;

Json object(std::string namespace_name, std::string name, Json spec = Json::object()) {
  return {{"metadata", {{"namespace", namespace_name}, {"name", name}, {"creationTimestamp", "2026-01-01T00:00:00Z"}}},
          {"spec", std::move(spec)}};
}

Json labelled(std::string name, Json annotations = Json::object(), Json labels = Json::object()) {
  labels["initscan.io/inject"] = "enabled";
  return {{"metadata", {{"name", name}, {"labels", labels}, {"annotations", annotations}}}};
}

Json exemption(std::string namespace_name, std::string name, std::string end) {
  return object(namespace_name, name, {{"id", "CVE-1"}, {"reason", "not reachable"}, {"expiresAt", end}});
}

class Settings : public testing::Test {
 protected:
  Policy policy_in(const char* namespace_name) const {
    return *parse_policy(settings_.for_namespace(namespace_name)->policy_json);
  }
  std::string key_in(const char* namespace_name) const {
    return sha256_hex(settings_.for_namespace(namespace_name)->policy_json);
  }

  ClusterSettings settings_{InjectorConfig{}, Policy{}, ModeWish::automatic, Mode::copy};
};

TEST_F(Settings, AnUnknownNamespaceGetsTheBase) {
  EXPECT_EQ(policy_in("nowhere"), Policy{});
  EXPECT_EQ(settings_.namespaces(), 0u);
}

TEST_F(Settings, ANamespaceNamesItsPolicyAndMode) {
  settings_.put(SettingsKind::cluster_policy, object("", "strict", {{"failOn", {{"severity", "low"}}}}));
  settings_.put(SettingsKind::namespace_,
                labelled("shop", {{"initscan.io/policy", "strict"}, {"initscan.io/mode", "volume"}}));
  EXPECT_EQ(policy_in("shop").fail_on, Severity::low);
  EXPECT_EQ(settings_.for_namespace("shop")->mode, Mode::volume);
  EXPECT_TRUE(settings_.is_injected("shop"));
  EXPECT_TRUE(settings_.complaints().empty());
  EXPECT_TRUE(settings_.accepted().contains("policy.shop." + key_in("shop")));
  EXPECT_TRUE(settings_.accepted().contains("own.shop"));
  EXPECT_FALSE(settings_.accepted().contains("policy." + key_in("shop"))) << "another namespace did not choose it";
}

TEST(SettingsWithoutCollectors, AutoIsVolumeWhateverTheNodesCan) {
  InjectorConfig base;
  base.volumes_only = true;
  ClusterSettings settings(base, Policy{}, ModeWish::automatic, Mode::copy);
  settings.put(SettingsKind::namespace_, labelled("shop"));
  settings.put(SettingsKind::namespace_, labelled("old", {{"initscan.io/mode", "copy"}}));
  settings.set_best_mode(Mode::copy);
  EXPECT_EQ(settings.for_namespace("shop")->mode, Mode::volume);
  EXPECT_EQ(settings.for_namespace("old")->mode, Mode::copy) << "its pods are refused, and told why";
  EXPECT_TRUE(settings.for_namespace("old")->volumes_only);
}

TEST_F(Settings, NamespacesOfTheDefaultPolicyNeedNoKeyOfTheirOwn) {
  settings_.put(SettingsKind::cluster_policy, object("", "default", {{"failOn", {{"severity", "high"}}}}));
  for (int i = 0; i < 1000; ++i) settings_.put(SettingsKind::namespace_, labelled("n" + std::to_string(i)));
  EXPECT_EQ(settings_.accepted(), (AcceptedKeys{{"policy." + key_in("n1"), "default"}}));
}

TEST_F(Settings, AThousandPoliciesAndImagesForDebuggingFitIntoOneObject) {
  Json images = Json::array();
  for (const char c : {'1', '2'}) images.push_back("registry.example.com/team/tool@sha256:" + std::string(64, c));
  settings_.put(SettingsKind::cluster_policy, object("", "default", {{"debugImages", images}}));
  std::size_t bytes = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "namespace-of-usual-length-" + std::to_string(i);
    settings_.put(SettingsKind::namespace_, labelled(name));
    settings_.put(SettingsKind::namespace_policy, object(name, "p", {{"requireDigest", "deny"}}));
  }
  for (const auto& [key, value] : settings_.accepted()) bytes += 2 * key.size() + value.size() + 20;  // managedFields
  EXPECT_LT(bytes, 1'000'000u) << "etcd takes 1.5 MiB, and old keys stay for a while";
}

TEST_F(Settings, WhatAdmissionNeedsIsPublished) {
  const std::string image = "example/busybox@sha256:" + std::string(64, '1');
  const std::string other = "example/strace@sha256:" + std::string(64, '2');
  settings_.put(SettingsKind::namespace_, labelled("shop"));
  EXPECT_FALSE(settings_.accepted().contains("digest.shop"));
  settings_.put(SettingsKind::cluster_policy,
                object("", "default", {{"requireDigest", "deny"}, {"debugImages", {image, other}}}));
  EXPECT_EQ(settings_.accepted().at("debug.shop"), image + ' ' + other);
  EXPECT_EQ(settings_.accepted().at("digest.shop"), "default");
  settings_.put(SettingsKind::namespace_policy, object("shop", "p", {{"debugImages", {other}}}));
  EXPECT_EQ(settings_.accepted().at("debug.shop"), other);
  settings_.put(SettingsKind::namespace_policy, object("shop", "p", {{"debugImages", Json::array()}}));
  EXPECT_FALSE(settings_.accepted().contains("debug.shop"));
}

TEST_F(Settings, AutoFollowsWhatTheClusterCan) {
  settings_.put(SettingsKind::namespace_, labelled("shop"));
  EXPECT_EQ(settings_.for_namespace("shop")->mode, Mode::copy);
  settings_.set_best_mode(Mode::volume);
  EXPECT_EQ(settings_.for_namespace("shop")->mode, Mode::volume);
}

TEST_F(Settings, APolicyThatIsNotThereIsSaid) {
  ClusterSettings settings(InjectorConfig{}, built_in_policy(), ModeWish::automatic, Mode::copy);
  settings.put(SettingsKind::namespace_, labelled("shop", {{"initscan.io/policy", "gone"}}));
  EXPECT_EQ(settings.for_namespace("shop")->policy_name, "built-in");
  EXPECT_THAT(settings.complaints(),
              ElementsAre("Namespace shop: annotation initscan.io/policy names \"gone\", but there is no such "
                          "ClusterScanPolicy: the injector's own policy \"built-in\" applies instead"));
  settings.put(SettingsKind::cluster_policy, object("", "gone", {{"failon", "high"}}));
  EXPECT_NE(settings.lack_of_policy("shop").find("which cannot be read"), std::string::npos);
}

// A name that leads nowhere leaves a namespace with what those have that name none: its limits, its exemptions.
TEST_F(Settings, InsteadOfAPolicyThatIsNotThereTheDefaultHolds) {
  settings_.put(SettingsKind::cluster_policy, object("", "default", {{"failOn", {{"severity", "medium"}}}}));
  settings_.put(SettingsKind::cluster_policy, object("", "strict", {{"failOn", {{"severity", "low"}}}}));
  settings_.put(SettingsKind::namespace_, labelled("typo", {{"initscan.io/policy", "strikt"}}));
  settings_.put(SettingsKind::namespace_, labelled("shop", {{"initscan.io/policy", "strict"}}));
  EXPECT_EQ(policy_in("typo"), policy_in("nowhere"));
  EXPECT_EQ(policy_in("typo").fail_on, Severity::medium);
  EXPECT_EQ(policy_in("shop").fail_on, Severity::low);
  EXPECT_THAT(settings_.complaints(), ElementsAre(testing::EndsWith(": \"default\" applies instead")));

  settings_.remove(SettingsKind::cluster_policy, object("", "strict"));
  EXPECT_EQ(policy_in("shop").fail_on, Severity::medium) << "as after a deletion";
  EXPECT_EQ(settings_.complaints().size(), 2u);
  EXPECT_FALSE(settings_.lack_of_policy("shop").empty());
  EXPECT_TRUE(settings_.object_complaints().empty());
}

TEST_F(Settings, ABrokenPolicyKeepsItsLastGoodForm) {
  settings_.put(SettingsKind::cluster_policy, object("", "default", {{"failOn", {{"severity", "low"}}}}));
  settings_.put(SettingsKind::cluster_policy, object("", "default", {{"failon", "high"}}));
  EXPECT_EQ(policy_in("shop").fail_on, Severity::low);
  ASSERT_EQ(settings_.complaints().size(), 1u);
  EXPECT_THAT(settings_.complaints()[0],
              testing::StartsWith("ClusterScanPolicy default: .spec.failon: unknown key \"failon\""));
  settings_.put(SettingsKind::cluster_policy, object("", "default", {{"onlyFixed", true}}));
  EXPECT_TRUE(policy_in("shop").only_fixed);
  EXPECT_TRUE(settings_.complaints().empty());
}

TEST_F(Settings, NamesThePathOfWhatIsWrongInAnObject) {
  settings_.put(SettingsKind::exemption, exemption("shop", "e", "tomorrow"));
  settings_.put(SettingsKind::cluster_policy, object("", "c", {{"namespaceExemptions", {{"maxDays", "30"}}}}));
  settings_.put(SettingsKind::namespace_policy,
                object("shop", "p", {{"ignore", Json::array({Json{{"id", "CVE-1"}}})}}));
  EXPECT_THAT(settings_.complaints(),
              testing::UnorderedElementsAre(
                  testing::StartsWith("ScanExemption shop/e: .spec.expiresAt: expiresAt: not a time"),
                  "ClusterScanPolicy c: .spec.namespaceExemptions.maxDays: maxDays: want a whole number from 0 to "
                  "3650, not the text \"30\"",
                  "ScanPolicy shop/p: .spec.ignore[0]: an ignore entry without reason"));
}

TEST_F(Settings, ANamespacesOwnPolicyIsAcceptedThereAlone) {
  settings_.put(SettingsKind::namespace_, labelled("shop"));
  settings_.put(SettingsKind::namespace_policy, object("shop", "p", {{"failOn", {{"severity", "medium"}}}}));
  EXPECT_EQ(policy_in("shop").fail_on, Severity::medium);
  EXPECT_TRUE(settings_.accepted().contains("policy.shop." + key_in("shop")));
  EXPECT_FALSE(settings_.accepted().contains("policy." + key_in("shop")));
  EXPECT_EQ(policy_in("other"), Policy{});
}

TEST_F(Settings, ANamespacesPolicyTightensWhatItSaysAndNothingElse) {
  const Json mild{{"onNothingFound", "allow"}, {"onNoData", "warn"}, {"onlyFixed", true}, {"staleAfterDays", 30}};
  settings_.put(SettingsKind::cluster_policy, object("", "default", mild));
  settings_.put(SettingsKind::namespace_, labelled("shop"));
  settings_.put(SettingsKind::namespace_policy, object("shop", "p", {{"failOn", {{"severity", "high"}}}}));
  Policy want = *parse_policy(settings_.for_namespace("other")->policy_json);
  want.fail_on = Severity::high;
  EXPECT_EQ(policy_in("shop"), want);
  settings_.put(SettingsKind::namespace_policy, object("shop", "p", {{"onNothingFound", "deny"}}));
  want.fail_on = Severity::critical;
  want.on_nothing_found = Reaction::deny;
  EXPECT_EQ(policy_in("shop"), want);
}

TEST_F(Settings, AnExemptionNeedsTheClustersLeave) {
  settings_.put(SettingsKind::namespace_, labelled("shop"));
  settings_.put(SettingsKind::exemption, exemption("shop", "e", "2026-02-01T00:00:00Z"));
  EXPECT_TRUE(policy_in("shop").ignore.empty());
  EXPECT_THAT(settings_.complaints(),
              ElementsAre("ScanExemption shop/e: the policy \"default\" does not let namespaces exempt anything"));

  settings_.put(SettingsKind::cluster_policy,
                object("", "default",
                       {{"namespaceExemptions", {{"allowed", true}, {"maxDays", 31}, {"maxSeverity", "medium"}}}}));
  ASSERT_EQ(policy_in("shop").ignore.size(), 1u);
  EXPECT_EQ(policy_in("shop").ignore[0].max_severity, Severity::medium);
  EXPECT_TRUE(settings_.complaints().empty());

  settings_.put(SettingsKind::exemption, exemption("shop", "e", "2026-02-02T00:00:00Z"));
  EXPECT_TRUE(policy_in("shop").ignore.empty()) << "32 days";
  settings_.remove(SettingsKind::exemption, exemption("shop", "e", ""));
  EXPECT_TRUE(settings_.complaints().empty());
}

TEST_F(Settings, ReportingIsANamespacesLabelAndItsPolicysOwn) {
  settings_.put(SettingsKind::namespace_, labelled("shop", Json::object(), {{"initscan.io/enforcement", "report"}}));
  EXPECT_EQ(policy_in("shop").enforcement, Enforcement::report);
  EXPECT_TRUE(settings_.accepted().contains("policy.shop." + key_in("shop")));
  EXPECT_FALSE(settings_.accepted().contains("policy." + key_in("shop"))) << "it would pass anything anywhere";
}

TEST_F(Settings, OptingOutIsPublished) {
  settings_.put(SettingsKind::cluster_policy, object("", "default", {{"allowPodOptOut", true}}));
  settings_.put(SettingsKind::namespace_, labelled("shop"));
  EXPECT_TRUE(settings_.for_namespace("shop")->allow_pod_opt_out);
  EXPECT_TRUE(settings_.accepted().contains("opt-out.shop"));
}

TEST_F(Settings, APolicyIsUsedOnlyOnceItIsPublished) {
  settings_.put(SettingsKind::namespace_, labelled("shop"));
  const std::string before = "policy." + key_in("shop");
  settings_.set_published({before});
  settings_.put(SettingsKind::namespace_policy, object("shop", "p", {{"failOn", {{"severity", "low"}}}}));
  EXPECT_EQ("policy." + key_in("shop"), before);
  auto accepted = settings_.accepted();
  EXPECT_EQ(accepted.size(), 4u)
      << "the default's, what is used and what will be, both by name, and that it has its own";
  EXPECT_TRUE(accepted.contains("policy.shop." + key_in("shop")));
  EXPECT_TRUE(accepted.contains("own.shop"));
  std::vector<std::string> keys;
  for (const auto& [key, name] : accepted) keys.push_back(key);
  settings_.set_published(keys);
  EXPECT_EQ(policy_in("shop").fail_on, Severity::low);
  EXPECT_FALSE(settings_.accepted().contains("policy.shop." + before.substr(7))) << "the default no longer holds there";
}

TEST_F(Settings, GatesAreToldOfServersOnlyOnceTheApiServerAcceptsThem) {
  using Words = std::vector<std::string>;
  const Words before{"--report-to=https://a", "--server-ca-inline=AAAA"};
  const Words after{"--report-to=https://a", "--server-ca-inline=BBBB"};
  const std::string word = "--report-to=https://a|--server-ca-inline=AAAA";
  settings_.put(SettingsKind::namespace_, labelled("shop"));
  EXPECT_FALSE(settings_.accepted().contains("gateServers"));
  settings_.set_servers(before);
  EXPECT_EQ(settings_.for_namespace("shop")->servers, before) << "nothing is published here";
  EXPECT_EQ(settings_.accepted()["gateServers"], word);

  settings_.set_published_servers({"none", word});
  settings_.set_servers(after);
  EXPECT_EQ(settings_.for_namespace("shop")->servers, before);
  EXPECT_EQ(settings_.for_namespace("elsewhere")->servers, before);
  EXPECT_EQ(settings_.accepted()["gateServers"], "--report-to=https://a|--server-ca-inline=BBBB");
  settings_.set_published_servers({settings_.accepted()["gateServers"], word});
  EXPECT_EQ(settings_.for_namespace("shop")->servers, after);
  EXPECT_EQ(settings_.for_namespace("elsewhere")->servers, after);
  EXPECT_EQ(settings_.for_namespace("shop")->accepted_servers.back(), word) << "for /validate";
}

TEST_F(Settings, AcceptedMeansThatTheNextPodGetsIt) {
  settings_.put(SettingsKind::namespace_, labelled("shop"));
  settings_.set_published({"policy." + key_in("shop")});
  settings_.put(SettingsKind::namespace_policy, object("shop", "p", {{"failOn", {{"severity", "low"}}}}));
  EXPECT_TRUE(settings_.status_updates({}).empty()) << "pods still get the one before";
  settings_.put(SettingsKind::namespace_policy, object("shop", "q", {{"failon", "low"}}));
  EXPECT_EQ(settings_.status_updates({}).size(), 1u) << "what is wrong is said at once";
  std::vector<std::string> keys;
  for (const auto& [key, name] : settings_.accepted()) keys.push_back(key);
  settings_.set_published(keys);
  EXPECT_EQ(policy_in("shop").fail_on, Severity::low);
  EXPECT_EQ(settings_.status_updates({}).size(), 2u);
}

TEST_F(Settings, ANamespaceThatGoesBackToTheDefaultIsDeniedNothing) {
  settings_.put(SettingsKind::namespace_, labelled("shop", {{"initscan.io/policy", "strict"}}));
  settings_.put(SettingsKind::cluster_policy, object("", "strict", {{"failOn", {{"severity", "low"}}}}));
  const std::string own = "policy.shop." + key_in("shop");
  const std::string usual = "policy." + key_in("nowhere");
  settings_.set_published({own, "own.shop", usual});
  settings_.put(SettingsKind::namespace_, labelled("shop"));
  const auto accepted = settings_.accepted();
  EXPECT_EQ("policy.shop." + key_in("shop"), own) << "until it is no longer said that it has its own";
  EXPECT_TRUE(accepted.contains(own));
  EXPECT_EQ(accepted.size(), 2u) << "that one, and the default, which is accepted there at once";
  settings_.set_published({own, usual});
  EXPECT_EQ("policy." + key_in("shop"), usual);
}

TEST_F(Settings, AListReplacesWhatIsGone) {
  settings_.put(SettingsKind::namespace_, labelled("shop"));
  settings_.put(SettingsKind::namespace_policy, object("shop", "p", {{"failOn", {{"severity", "low"}}}}));
  settings_.put(SettingsKind::cluster_policy, object("", "default", {{"onlyFixed", true}}));
  settings_.replace(SettingsKind::namespace_policy, {});
  settings_.replace(SettingsKind::cluster_policy, {});
  EXPECT_EQ(policy_in("shop"), Policy{});
  settings_.replace(SettingsKind::namespace_, {labelled("other")});
  EXPECT_FALSE(settings_.is_injected("shop"));
  EXPECT_TRUE(settings_.is_injected("other"));
}

TEST_F(Settings, ObjectsOfAnyShapeAreSurvived) {
  for (const Json& odd : {Json(nullptr), Json("x"), Json::array(), Json{{"metadata", 1}, {"spec", "x"}},
                          Json{{"metadata", {{"name", 7}, {"labels", "x"}}}, {"spec", {{"namespaceExemptions", 1}}}}}) {
    for (const auto kind : {SettingsKind::namespace_, SettingsKind::cluster_policy, SettingsKind::namespace_policy,
                            SettingsKind::exemption}) {
      settings_.put(kind, odd);
      settings_.replace(kind, {odd});
      settings_.remove(kind, odd);
    }
  }
  EXPECT_EQ(policy_in("shop"), Policy{});
}

}  // namespace
}  // namespace initscan::injector
