#include "server/pods/scans.h"

#include "tests/unit/server/pods/made_pod.h"

#include <gtest/gtest.h>

namespace initscan::server {
namespace {

using Json = nlohmann::json;

const OwnGate kGate{{{"0", kAppImage, false}}, true};

std::vector<Scan> scans(const Json& state, const Json& last = Json::object()) {
  return scans_of(with_status(made_pod(), state, last), kGate);
}

struct Case {
  const char* name;
  int exit_code;
  std::string message;
  Outcome verdict;
  std::string_view reason;
};

class OneScan : public testing::TestWithParam<Case> {};

TEST_P(OneScan, CountsAsItsExitCodeAndItsLineSay) {
  const Case& c = GetParam();
  const auto all = scans(ended(c.exit_code, c.message));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].verdict, c.verdict);
  EXPECT_EQ(all[0].reason, c.reason);
  EXPECT_EQ(all[0].exit_code, c.exit_code);
}

const std::string kWords = "initscan: words\n";

INSTANTIATE_TEST_SUITE_P(
    Table, OneScan,
    testing::Values(
        Case{"Pass", 0, line_of("verdict=pass") + kWords, Outcome::pass, ""},
        Case{"Fail", 2, line_of("verdict=fail") + kWords, Outcome::fail, "blocks"},
        Case{"Undecided", 1, line_of("verdict=undecided reason=no-data") + kWords, Outcome::undecided, "no-data"},
        Case{"PassByThePolicysWord", 0, line_of("verdict=pass reason=server-stale") + kWords, Outcome::pass,
             "server-stale"},
        Case{"UndecidedWithoutAReason", 1, line_of("verdict=undecided"), Outcome::undecided, "unknown-reason"},
        Case{"ReportedOnly", 0, line_of("verdict=fail enforcement=report"), Outcome::fail, "blocks"},
        Case{"ReportedOnlyWithAnotherCode", 2, line_of("verdict=fail enforcement=report"), Outcome::undecided,
             "line-contradicts"},
        Case{"APassThatEndedWith2", 2, line_of("verdict=pass"), Outcome::undecided, "line-contradicts"},
        Case{"AFailureThatEndedWith0", 0, line_of("verdict=fail"), Outcome::undecided, "line-contradicts"},
        Case{"WrongUsage", 64, line_of("verdict=undecided"), Outcome::undecided, "line-contradicts"},
        Case{"AnOlderRelease", 2, kWords, Outcome::undecided, "no-line"},
        Case{"AnOlderReleaseThatPassed", 0, kWords, Outcome::undecided, "no-line"},
        Case{"NoMessage", 0, "", Outcome::undecided, "no-line"}, Case{"Killed", 137, "", Outcome::undecided, "killed"},
        Case{"KilledAfterItsLine", 137, line_of("verdict=pass"), Outcome::undecided, "killed"}),
    [](const auto& test) { return test.param.name; });

TEST(Scans, MemoryThatRanOutIsNoVerdict) {
  for (const int code : {0, 137}) {
    Json state = ended(code, line_of("verdict=pass"));
    state["terminated"]["reason"] = "OOMKilled";
    ASSERT_EQ(scans(state).size(), 1u);
    EXPECT_EQ(scans(state)[0].reason, "out-of-memory");
    EXPECT_EQ(scans(state)[0].verdict, Outcome::undecided);
  }
}

TEST(Scans, AMessageThatMayBeTheLogHasNoLine) {
  OwnGate older = kGate;
  older.leaves_its_own_message = false;
  const auto all = scans_of(with_status(made_pod(), ended(0, line_of("verdict=pass"))), older);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].reason, "no-line");
}

TEST(Scans, TheOneBeforeIsSeenWhereverTheGateIsNow) {
  for (const Json& now : {kRunning, waiting("CrashLoopBackOff"), waiting("ErrImagePull"), Json::object()}) {
    const auto all = scans(now, ended(2, line_of("verdict=fail")));
    ASSERT_EQ(all.size(), 1u) << now;
    EXPECT_EQ(all[0].verdict, Outcome::fail);
  }
  const auto both = scans(ended(0, line_of("verdict=pass"), "containerd://2"), ended(137));
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].reason, "killed");
  EXPECT_EQ(both[1].verdict, Outcome::pass);
}

TEST(Scans, OneRunIsOneScan) {
  EXPECT_EQ(scans(ended(2), ended(2)).size(), 1u) << "of the same container";
  Json pod = with_status(made_pod(), ended(2));
  for (int i = 0; i < 9; ++i) {
    Json again = pod["status"]["initContainerStatuses"][0];
    again["state"] = ended(2, "", "containerd://" + std::to_string(i));
    pod["status"]["initContainerStatuses"].push_back(again);
  }
  EXPECT_EQ(scans_of(pod, kGate).size(), 1u) << "a name stands there once";
}

TEST(Scans, WhatCannotBeToldFromOthersIsNone) {
  for (const std::string& id : {std::string(), std::string(kMaxContainerIdBytes + 1, 'a'), std::string("a b"),
                                std::string("a\x1b[31m"), std::string("a\nb")}) {
    EXPECT_TRUE(scans(ended(0, "", id)).empty()) << id;
  }
  Json pod = with_status(made_pod(), ended(0));
  pod["metadata"].erase("uid");
  EXPECT_TRUE(scans_of(pod, kGate).empty());
  for (const char* const code : {"null", "\"0\"", "1.5", "99999999999", "-99999999999"}) {
    Json state = ended(0);
    state["terminated"]["exitCode"] = Json::parse(code);
    EXPECT_TRUE(scans(state).empty()) << code;
  }
}

TEST(Scans, HaveTheirTimesWhereTheyAreTold) {
  const auto all = scans(ended(0, line_of("verdict=pass")));
  ASSERT_TRUE(all[0].started && all[0].finished);
  EXPECT_EQ(*all[0].finished - *all[0].started, std::chrono::seconds(2));
  Json state = ended(0);
  state["terminated"]["startedAt"] = nullptr;
  state["terminated"]["finishedAt"] = "soon";
  EXPECT_FALSE(scans(state)[0].started || scans(state)[0].finished);
}

TEST(Scans, OfAnotherContainerAreNone) {
  Json pod = with_status(made_pod(), ended(2));
  pod["status"]["containerStatuses"][0] = pod["status"]["initContainerStatuses"][0];
  pod["status"]["initContainerStatuses"] = Json::array();
  EXPECT_TRUE(scans_of(pod, kGate).empty());
}

}  // namespace
}  // namespace initscan::server
