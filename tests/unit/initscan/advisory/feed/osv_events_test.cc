#include "initscan/advisory/feed/osv_events.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

constexpr auto kIntroduced = OsvEvent::Kind::introduced;
constexpr auto kFixed = OsvEvent::Kind::fixed;
constexpr auto kLast = OsvEvent::Kind::last_affected;
constexpr auto kLimit = OsvEvent::Kind::limit;

const std::vector<VersionOrder> kDeb{VersionOrder::deb};
const std::vector<VersionOrder> kApk{VersionOrder::apk2, VersionOrder::apk3};

struct Case {
  const char* name;
  std::vector<OsvEvent> events;
  std::vector<VersionRange> want;
};

class OsvEvents : public testing::TestWithParam<Case> {};

TEST_P(OsvEvents, MakeStretches) {
  EXPECT_EQ(stretches_of(GetParam().events, kDeb), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, OsvEvents,
    testing::Values(
        Case{"NoFix", {{kIntroduced, "0"}}, {{"", "", ""}}},
        Case{"OneStretch", {{kIntroduced, "0"}, {kFixed, "1"}}, {{"", "1", ""}}},
        Case{"TwoStretches",
             {{kIntroduced, "0"}, {kFixed, "1"}, {kIntroduced, "2"}, {kLast, "3"}},
             {{"", "1", ""}, {"2", "", "3"}}},
        Case{"InAnyOrder",
             {{kFixed, "10"}, {kFixed, "1"}, {kIntroduced, "9"}, {kIntroduced, "0"}},
             {{"", "1", ""}, {"9", "10", ""}}},
        Case{"ZeroIsBeforeATilde", {{kFixed, "0~1"}, {kIntroduced, "0"}}, {{"", "0~1", ""}}},
        Case{"ASecondFixChangesNothing", {{kIntroduced, "0"}, {kFixed, "1"}, {kFixed, "2"}}, {{"", "1", ""}}},
        Case{"ASecondIntroductionChangesNothing",
             {{kIntroduced, "1"}, {kIntroduced, "2"}, {kFixed, "3"}},
             {{"1", "3", ""}}},
        Case{"ALimit", {{kIntroduced, "0"}, {kLimit, "2"}}, {{"", "2", ""}}},
        Case{"ALimitBehindTheFix", {{kIntroduced, "0"}, {kFixed, "1"}, {kLimit, "2"}}, {{"", "1", ""}}},
        Case{"ALimitBeforeTheFix", {{kLimit, "2"}, {kFixed, "3"}, {kIntroduced, "1"}}, {{"1", "2", ""}}},
        Case{"ALimitBeforeTheLastAffected", {{kIntroduced, "0"}, {kLast, "3"}, {kLimit, "3"}}, {{"", "3", ""}}},
        Case{"ALimitBehindTheLastAffected", {{kIntroduced, "0"}, {kLast, "3"}, {kLimit, "4"}}, {{"", "", "3"}}},
        Case{"ALimitBeforeASecondStretch",
             {{kIntroduced, "0"}, {kFixed, "1"}, {kIntroduced, "2"}, {kLimit, "2"}},
             {{"", "1", ""}}},
        Case{"TheHighestLimit", {{kIntroduced, "0"}, {kLimit, "9"}, {kLimit, "10"}}, {{"", "10", ""}}},
        Case{"NoLimit", {{kIntroduced, "0"}, {kLimit, "*"}}, {{"", "", ""}}},
        Case{"NoLimitBesideOne", {{kIntroduced, "0"}, {kLimit, "2"}, {kLimit, "*"}}, {{"", "", ""}}}),
    [](const auto& test) { return test.param.name; });

TEST(OsvEvents, WhatCannotBeToldIsNotGuessed) {
  EXPECT_FALSE(stretches_of({}, kDeb)) << "nothing is said";
  EXPECT_FALSE(stretches_of({{kFixed, "1"}}, kDeb)) << "a fix of nothing";
  EXPECT_FALSE(stretches_of({{kIntroduced, "0"}, {kFixed, "1"}, {kIntroduced, "2-"}}, kDeb)) << "2- is no version";
}

// Which order holds is known only when an image is there.
TEST(OsvEvents, OrdersHaveToAgree) {
  const std::vector<OsvEvent> events{{kIntroduced, "0"}, {kFixed, "1.02"}, {kIntroduced, "1.010"}};
  EXPECT_FALSE(stretches_of(events, kApk));
  EXPECT_EQ(stretches_of(events, {VersionOrder::apk2}),
            (std::vector<VersionRange>{{"", "1.02", ""}, {"1.010", "", ""}}));
  EXPECT_EQ(stretches_of({{kIntroduced, "0"}, {kFixed, "1.2"}, {kIntroduced, "1.10"}}, kApk),
            (std::vector<VersionRange>{{"", "1.2", ""}, {"1.10", "", ""}}));
  EXPECT_FALSE(covers({{"", "1.02", ""}}, "1.010", kApk));
}

// There is nothing to put in order; what can be said of it is said where a version is there to compare.
TEST(OsvEvents, OneRangeKeepsItsVersionsAsTheyAre) {
  EXPECT_EQ(stretches_of({{kIntroduced, "0"}, {kFixed, "20.10.11.r0"}}, kApk),
            (std::vector<VersionRange>{{"", "20.10.11.r0", ""}}));
}

TEST(OsvEvents, CoverVersions) {
  const std::vector<VersionRange> ranges{{"", "1", ""}, {"2", "", "3"}, {"5", "", ""}};
  for (const char* version : {"0.9", "2", "2.5", "3", "5", "6"}) {
    EXPECT_TRUE(covers(ranges, version, kDeb)) << version;
  }
  for (const char* version : {"1", "1.9", "3-1", "4.9"}) { EXPECT_FALSE(covers(ranges, version, kDeb)) << version; }
}

}  // namespace
}  // namespace initscan
