#include "initscan/advisory/osv_events.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

constexpr auto kIntroduced = OsvEvent::Kind::introduced;
constexpr auto kFixed = OsvEvent::Kind::fixed;
constexpr auto kLast = OsvEvent::Kind::last_affected;

struct Case {
  const char* name;
  std::vector<OsvEvent> events;
  std::vector<VersionRange> want;
};

class OsvEvents : public testing::TestWithParam<Case> {};

TEST_P(OsvEvents, MakeStretches) {
  EXPECT_EQ(stretches_of(GetParam().events, PackageType::deb), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, OsvEvents,
    testing::Values(
        Case{"None", {}, {}}, Case{"NoFix", {{kIntroduced, "0"}}, {{"", "", ""}}},
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
        Case{"AFixOfNothing", {{kFixed, "1"}}, {}}),
    [](const auto& test) { return test.param.name; });

TEST(OsvEvents, CoverVersions) {
  const std::vector<VersionRange> ranges{{"", "1", ""}, {"2", "", "3"}, {"5", "", ""}};
  for (const char* version : {"0.9", "2", "2.5", "3", "5", "6"}) {
    EXPECT_TRUE(covers(ranges, version, PackageType::deb)) << version;
  }
  for (const char* version : {"1", "1.9", "3-1", "4.9"}) {
    EXPECT_FALSE(covers(ranges, version, PackageType::deb)) << version;
  }
}

}  // namespace
}  // namespace initscan
