#include "injector/doctor/namespaces.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

const Json kHook = Json::parse(R"({"namespaceSelector":{"matchLabels":{"initscan.io/inject":"enabled"},
  "matchExpressions":[{"key":"kubernetes.io/metadata.name","operator":"NotIn","values":["kube-system"]}]}})");

Json namespace_object(const char* name, const char* labels, const char* annotations = "{}") {
  return {{"metadata", {{"name", name}, {"labels", Json::parse(labels)}, {"annotations", Json::parse(annotations)}}}};
}

constexpr const char* kEnabled = R"({"initscan.io/inject":"enabled"})";

struct Case {
  const char* name;
  Json object;
  CheckState state;
  const char* fact;
};

class Namespaces : public testing::TestWithParam<Case> {};

TEST_P(Namespaces, AreJudged) {
  const Case& c = GetParam();
  InjectorConfig base;
  ClusterSettings settings(base, built_in_policy(), ModeWish::automatic, Mode::volume);
  settings.put(SettingsKind::namespace_, c.object);
  settings.put(SettingsKind::cluster_policy, Json::parse(R"({"metadata":{"name":"strict"},"spec":{}})"));
  const auto items = judge_namespaces({{c.object}, ""}, kHook, {settings, ""});
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(to_string(items[0].state), to_string(c.state)) << items[0].fact;
  EXPECT_NE(items[0].fact.find(c.fact), std::string::npos) << items[0].fact;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Namespaces,
    testing::Values(
        Case{"Good", namespace_object("shop", kEnabled), CheckState::ok, "policy built-in, mode volume, enforces"},
        Case{"Reports",
             namespace_object("shop", R"({"initscan.io/inject":"enabled","initscan.io/enforcement":"report"})"),
             CheckState::ok, "reports only"},
        Case{"OwnPolicyAndMode",
             namespace_object("shop", kEnabled, R"({"initscan.io/policy":"strict","initscan.io/mode":"copy"})"),
             CheckState::ok, "policy strict, mode copy, enforces"},
        Case{"NoSuchPolicy", namespace_object("shop", kEnabled, R"({"initscan.io/policy":"none"})"), CheckState::error,
             "\"none\", but there is no such ClusterScanPolicy: the injector's own policy \"built-in\" applies"},
        Case{"NoSuchMode", namespace_object("shop", kEnabled, R"({"initscan.io/mode":"fast"})"), CheckState::warning,
             "is none of auto, copy, volume"},
        Case{"NoSuchEnforcement",
             namespace_object("shop", R"({"initscan.io/inject":"enabled","initscan.io/enforcement":"warn"})"),
             CheckState::warning, "the namespace enforces"},
        Case{"EnforcementAsAnnotation", namespace_object("shop", kEnabled, R"({"initscan.io/enforcement":"report"})"),
             CheckState::warning, "is an annotation"},
        Case{"AnotherWord", namespace_object("shop", R"({"initscan.io/inject":"true"})"), CheckState::warning,
             "initscan.io/inject=true means nothing"},
        Case{"Disabled", namespace_object("shop", R"({"initscan.io/inject":"disabled"})"), CheckState::ok,
             "its pods are not scanned"},
        Case{"LeftOut", namespace_object("kube-system", kEnabled), CheckState::warning, "excludes it"},
        Case{"NotLabelled", namespace_object("shop", "{}"), CheckState::warning, "no namespace is labelled"}),
    [](const auto& test) { return test.param.name; });

TEST(Namespaces, ATrialIsMadeWhereItSaysMost) {
  const Json report = namespace_object("a", R"({"initscan.io/inject":"enabled","initscan.io/enforcement":"report"})");
  const FoundList all{{namespace_object("plain", "{}"), namespace_object("kube-system", kEnabled), report,
                       namespace_object("shop", kEnabled)},
                      {}};
  EXPECT_EQ(trial_namespace(all, kHook, ""), "shop");
  EXPECT_EQ(trial_namespace(all, kHook, "other"), "other");
  EXPECT_EQ(trial_namespace({{report}, ""}, kHook, ""), "a");
  EXPECT_EQ(trial_namespace({{namespace_object("plain", "{}")}, ""}, kHook, ""), "");
}

// A slip of the pen does not hide that enforcement is not what somebody meant it to be.
TEST(Namespaces, AllThatIsWrongIsSaidTheWorstFirst) {
  const Json object = namespace_object("shop", R"({"initscan.io/inject":"enabled","initscan.io/enforcement":"warn"})",
                                       R"({"initscan.io/policy":"none","initscan.io/mode":"fast"})");
  ClusterSettings settings({}, built_in_policy(), ModeWish::automatic, Mode::volume);
  settings.put(SettingsKind::namespace_, object);
  settings.put(SettingsKind::cluster_policy, Json::parse(R"({"metadata":{"name":"default"},"spec":{}})"));
  const auto items = judge_namespaces({{object}, ""}, kHook, {settings, ""});
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].state, CheckState::error);
  EXPECT_TRUE(items[0].fact.ends_with(": \"default\" applies instead")) << items[0].fact;
  EXPECT_EQ(items[1].state, CheckState::warning);
  EXPECT_EQ(items[2].state, CheckState::warning);
  EXPECT_TRUE(judge_complaints(settings).empty()) << "it is the namespace that is wrong, no policy";
}

TEST(Namespaces, PoliciesThatCannotBeReadAreNotMissing) {
  const Json object = namespace_object("shop", kEnabled, R"({"initscan.io/policy":"none"})");
  ClusterSettings settings({}, built_in_policy(), ModeWish::automatic, Mode::volume);
  settings.put(SettingsKind::namespace_, object);
  const auto items = judge_namespaces({{object}, ""}, kHook, {settings, "GET /x: 403"});
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].state, CheckState::unknown);
  EXPECT_EQ(items[0].fact, "its policy is not known");
}

TEST(Namespaces, ThatCannotBeListedAreUnknown) {
  const ClusterSettings settings({}, Policy{}, ModeWish::automatic, Mode::copy);
  EXPECT_EQ(judge_namespaces({{}, "403"}, kHook, {settings, ""})[0].state, CheckState::unknown);
}

TEST(Complaints, AreWarnings) {
  ClusterSettings settings({}, Policy{}, ModeWish::automatic, Mode::copy);
  for (int i = 0; i < 25; ++i) {
    settings.put(SettingsKind::cluster_policy,
                 {{"metadata", {{"name", "p" + std::to_string(i)}}}, {"spec", {{"unknown", 1}}}});
  }
  const auto items = judge_complaints(settings);
  ASSERT_EQ(items.size(), 21u);
  EXPECT_EQ(items[0].state, CheckState::warning);
  EXPECT_NE(items[0].fact.find("ClusterScanPolicy p0"), std::string::npos);
  EXPECT_EQ(items[20].fact, "5 more complaints");
}

}  // namespace
}  // namespace initscan::injector
