#include "injector/doctor/pull.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

Found deployment(const char* secrets) {
  Found found;
  found.object["spec"]["template"]["spec"]["imagePullSecrets"] = Json::parse(secrets);
  return found;
}

Found account(const char* secrets) {
  Found found;
  found.object["imagePullSecrets"] = Json::parse(secrets);
  return found;
}

Found refused() {
  Found found;
  found.failure = {"403", {}};
  return found;
}

FoundList accounts(const char* secrets) {
  Json account = Json::parse(R"({"metadata":{"name":"default","namespace":"shop"}})");
  account["imagePullSecrets"] = Json::parse(secrets);
  FoundList list;
  list.items.push_back(account);
  return list;
}

FoundList refused_list() {
  FoundList list;
  list.failure = {"403", {}};
  return list;
}

FoundList spaces() {
  FoundList list;
  list.items.push_back(Json::parse(R"({"metadata":{"name":"shop","labels":{"initscan.io/inject":"enabled"}}})"));
  list.items.push_back(Json::parse(R"({"metadata":{"name":"off","labels":{"initscan.io/inject":"disabled"}}})"));
  return list;
}

constexpr const char* kNone = "[]";
constexpr const char* kSome = R"([{"name":"registry"}])";

CheckState state(const Found& injector, const Found& own, const FoundList& others) {
  const auto item = judge_pull(injector, own, others, spaces());
  return item ? item->state : CheckState::unknown;
}

TEST(Pull, WhatTheInjectorNeedsPodsNeed) {
  EXPECT_EQ(state(deployment(kNone), account(kNone), accounts(kNone)), CheckState::ok);
  EXPECT_EQ(state(deployment(kSome), account(kNone), accounts(kNone)), CheckState::warning);
  EXPECT_EQ(state(deployment(kNone), account(kSome), accounts(kNone)), CheckState::warning);
  EXPECT_EQ(state(deployment(kSome), account(kNone), accounts(kSome)), CheckState::ok);
  EXPECT_EQ(state(deployment(kSome), account(kNone), FoundList{}), CheckState::warning);
}

TEST(Pull, WhatIsNotKnownIsNotWell) {
  EXPECT_EQ(state(deployment(kSome), account(kNone), refused_list()), CheckState::unknown);
  EXPECT_EQ(state(deployment(kNone), refused(), accounts(kNone)), CheckState::unknown);
  EXPECT_FALSE(judge_pull(Found{}, account(kNone), accounts(kNone), spaces())) << "there is no injector to ask";
}

TEST(Pull, NamesWhereAndWhatToDo) {
  const auto item = judge_pull(deployment(kSome), account(kNone), accounts(kNone), spaces());
  ASSERT_TRUE(item);
  EXPECT_NE(item->fact.find(" has none in shop: "), std::string::npos) << item->fact;
  EXPECT_TRUE(item->advice.starts_with("kubectl patch serviceaccount default -n shop -p ")) << item->advice;
}

std::optional<CheckItem> probe(const char* statuses) {
  Json pod;
  pod["status"]["initContainerStatuses"] = Json::parse(statuses);
  return judge_probe("shop", pod);
}

TEST(Probe, IsJudgedByInitscansOwnContainers) {
  EXPECT_FALSE(probe("[]"));
  EXPECT_FALSE(probe(R"([{"name":"initscan-gate","state":{"waiting":{"reason":"PodInitializing"}}}])"));
  EXPECT_FALSE(probe(R"([{"name":"other","state":{"running":{}}}])"));
  EXPECT_EQ(probe(R"([{"name":"initscan-gate","image":"i","state":{"running":{}}}])")->state, CheckState::ok);
  EXPECT_EQ(probe(R"([{"name":"initscan-gate","state":{"waiting":{"reason":"CrashLoopBackOff"}},
                      "lastState":{"terminated":{"exitCode":2}}}])")
                ->state,
            CheckState::ok);
  const auto refused =
      probe(R"([{"name":"initscan-install","state":{"waiting":{"reason":"ImagePullBackOff","message":"401"}}}])");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->state, CheckState::error);
  EXPECT_EQ(refused->fact, "shop: initscan-install: ImagePullBackOff: 401");
}

}  // namespace
}  // namespace initscan::injector
