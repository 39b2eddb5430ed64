#include "audit/rotate/restartable.h"

#include "audit/judge/selecting.h"
#include "common/time/rfc3339.h"

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

using Json = nlohmann::json;

Json deployment(const Json& changes = Json::object()) {
  Json object = Json::parse(R"({"metadata": {"uid": "u", "generation": 3, "resourceVersion": "7"},
    "spec": {"replicas": 3, "template": {"metadata": {"labels": {"app": "web"}}}},
    "status": {"observedGeneration": 3, "updatedReplicas": 3, "availableReplicas": 3}})");
  object.merge_patch(changes);
  return object;
}

struct Case {
  const char* name;
  std::string_view kind;
  Json object;
  std::string why;  // "": it may be restarted
};

class Restartable : public testing::TestWithParam<Case> {};

TEST_P(Restartable, IsRestartedOrSaysWhyNot) {
  EXPECT_EQ(why_not_restart(GetParam().object, GetParam().kind, "u").value_or(""), GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Restartable,
    testing::Values(
        Case{"Well", "Deployment", deployment(), ""},
        Case{"OneReplicaUnlessSaid", "Deployment",
             deployment(Json::parse(
                 R"({"spec": {"replicas": null}, "status": {"updatedReplicas": 1, "availableReplicas": 1}})")),
             ""},
        Case{"AnotherUid", "Deployment", deployment({{"metadata", {{"uid", "v"}}}}),
             "it has been replaced by another of the same name since the audit"},
        Case{"BeingDeleted", "Deployment", deployment({{"metadata", {{"deletionTimestamp", "2026-06-01T00:00:00Z"}}}}),
             "it is being deleted"},
        Case{"Paused", "Deployment", deployment({{"spec", {{"paused", true}}}}), "its rollout is paused"},
        Case{"OnDelete", "StatefulSet", deployment({{"spec", {{"updateStrategy", {{"type", "OnDelete"}}}}}}),
             "its update strategy is OnDelete: delete its pods one by one"},
        Case{"NotObserved", "Deployment", deployment({{"metadata", {{"generation", 4}}}}),
             "its controller has not seen its latest change yet"},
        Case{"NoStatus", "Deployment", deployment({{"status", nullptr}}),
             "its controller has not seen its latest change yet"},
        Case{"NoPods", "Deployment", deployment({{"spec", {{"replicas", 0}}}}), "it is scaled to zero"},
        Case{"UnderWay", "StatefulSet", deployment({{"status", {{"updatedReplicas", 1}}}}),
             "a rollout is under way: 1 of 3 pods are up to date"},
        Case{"NotAvailable", "Deployment", deployment({{"status", {{"availableReplicas", nullptr}}}}),
             "0 of 3 pods are available"},
        Case{"DaemonSet", "DaemonSet",
             deployment({{"status",
                          {{"desiredNumberScheduled", 5}, {"updatedNumberScheduled", 5}, {"numberAvailable", 4}}}}),
             "4 of 5 pods are available"},
        Case{"Nothing", "Deployment", Json(), "it has been replaced by another of the same name since the audit"}),
    [](const auto& test) { return test.param.name; });

TEST(RestartableWithoutUid, IsNothing) {
  EXPECT_EQ(why_not_restart(deployment(), "Deployment", ""), "the audit did not see its uid");
}

Json budget(int allowed, const Json& selector) {
  return {{"metadata", {{"name", "b"}, {"generation", 1}}},
          {"spec", {{"selector", selector}}},
          {"status", {{"observedGeneration", 1}, {"disruptionsAllowed", allowed}}}};
}

std::string forbids(const Json& one) {
  return why_budgets_forbid(deployment(), {{"items", Json::array({one})}}).value_or("");
}

TEST(BudgetsOf, ForbidARestartThatTheyHaveNoRoomFor) {
  const Json web = {{"matchLabels", {{"app", "web"}}}};
  EXPECT_EQ(forbids(budget(1, web)), "");
  EXPECT_EQ(forbids(budget(0, web)), "PodDisruptionBudget b allows no disruption now");
  EXPECT_EQ(forbids(budget(0, {{"matchLabels", {{"app", "db"}}}})), "");
  EXPECT_EQ(forbids(budget(0, Json::object())), "PodDisruptionBudget b allows no disruption now");
  Json fresh = budget(1, web);
  fresh["metadata"]["generation"] = 2;
  EXPECT_EQ(forbids(fresh), "PodDisruptionBudget b has not been evaluated yet");
  fresh["status"] = nullptr;
  EXPECT_EQ(forbids(fresh), "PodDisruptionBudget b has not been evaluated yet");
  EXPECT_EQ(why_budgets_forbid(deployment(), {{"items", Json::array()}}), std::nullopt);
  EXPECT_EQ(why_budgets_forbid(deployment(), Json::object()), "its PodDisruptionBudgets cannot be read");
}

TEST(Selector, SelectsByLabelsAndExpressions) {
  const LabelSelector selector = read_selector(Json::parse(
      R"({"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["back"]}]})"));
  EXPECT_TRUE(selects(selector, {{"app", "web"}}));
  EXPECT_FALSE(selects(selector, {{"app", "web"}, {"tier", "back"}}));
}

TEST(WasRestarted, FollowsFromTheAnnotation) {
  const Time noon = *parse_rfc3339("2026-06-01T12:00:00Z");
  const auto at = [](const char* time) {
    return deployment({{"spec", {{"template", {{"metadata", {{"annotations", {{kRestartedAt, time}}}}}}}}}});
  };
  EXPECT_TRUE(was_restarted(at("2026-06-01T12:00:00Z"), noon));
  EXPECT_TRUE(was_restarted(at("2026-06-01T14:30:00+02:00"), noon)) << "kubectl writes local time";
  EXPECT_FALSE(was_restarted(at("2026-06-01T11:59:59Z"), noon));
  EXPECT_FALSE(was_restarted(at("2026-06-01T13:30:00+02:00"), noon));
  EXPECT_FALSE(was_restarted(at("lately"), noon));
  EXPECT_FALSE(was_restarted(deployment(), noon));
}

TEST(ApiName, IsADnsSubdomain) {
  for (const char* good : {"a", "web-1", "shop.example"}) EXPECT_TRUE(is_api_name(good)) << good;
  for (const char* bad : {"", "A", "a/b", "..", "a?b", "-a", "a.", "a%2f", "a b", "\xc3\xa4"})
    EXPECT_FALSE(is_api_name(bad)) << bad;
  EXPECT_FALSE(is_api_name(std::string(254, 'a')));
}

}  // namespace
}  // namespace initscan::audit
