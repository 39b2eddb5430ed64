#include "initscan/advisory/cvss.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

struct Case {
  const char* name;
  std::string_view vector;
  double want;  // negative: no score
};

class Cvss : public testing::TestWithParam<Case> {};

TEST_P(Cvss, Scores) {
  EXPECT_DOUBLE_EQ(cvss_base_score(GetParam().vector).value_or(-1), GetParam().want);
}

// Scores as NVD gives them for these vectors.
INSTANTIATE_TEST_SUITE_P(
    Table, Cvss,
    testing::Values(Case{"Log4Shell", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0},
                    Case{"Heartbleed", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5},
                    Case{"Shellshock", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8},
                    Case{"DirtyCow", "CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.0},
                    Case{"Version30", "CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1},
                    Case{"Physical", "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", 1.6},
                    Case{"NoImpact", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0},
                    Case{"MoreMetrics", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/E:P/RL:O", 7.5},
                    Case{"Version2", "AV:N/AC:L/Au:N/C:P/I:N/A:N", 5.0},
                    Case{"Version2Complete", "AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0},
                    Case{"Version4", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", -1},
                    Case{"AMetricIsMissing", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", -1},
                    Case{"UnknownValue", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", -1}, Case{"Empty", "", -1}),
    [](const auto& test) { return test.param.name; });

TEST(Cvss, RatesScores) {
  EXPECT_EQ(severity_of_score(9.0), Severity::critical);
  EXPECT_EQ(severity_of_score(8.9), Severity::high);
  EXPECT_EQ(severity_of_score(7.0), Severity::high);
  EXPECT_EQ(severity_of_score(4.0), Severity::medium);
  EXPECT_EQ(severity_of_score(3.9), Severity::low);
}

}  // namespace
}  // namespace initscan
