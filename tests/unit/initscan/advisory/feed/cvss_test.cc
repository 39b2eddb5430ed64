#include "initscan/advisory/feed/cvss.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace initscan {
namespace {

struct Case {
  const char* name;
  std::string_view vector;
  double want;  // negative: no score
};

class Cvss : public testing::TestWithParam<Case> {};

TEST_P(Cvss, ScoresAsNvdDoes) {
  EXPECT_DOUBLE_EQ(cvss_score(GetParam().vector).value_or(CvssScore{-1}).score, GetParam().want);
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
                    Case{"Version5", "CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", -1},
                    Case{"AMetricTwice", "CVSS:3.1/AV:P/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", -1},
                    Case{"AValueOfTwoLetters", "CVSS:3.1/AV:NN/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", -1},
                    Case{"Version2WithAHead", "CVSS:2.0/AV:N/AC:L/Au:N/C:P/I:N/A:N", -1},
                    Case{"AHeadInAHead", "CVSS:3.1/CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", -1},
                    Case{"NoSuchMetric", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/VC:H", -1},
                    Case{"Version2WithAMetricOf3", "AV:N/AC:L/Au:N/C:P/I:N/A:N/PR:N", -1},
                    Case{"AMetricIsMissing", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", -1},
                    Case{"UnknownValue", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", -1}, Case{"Empty", "", -1}),
    [](const auto& test) { return test.param.name; });

// By the calculator of first.org, and as CVEs carry them. The first rows go through every equivalence class.
INSTANTIATE_TEST_SUITE_P(
    Version4, Cvss,
    testing::Values(
        Case{"V4Worst", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0},
        Case{"V4OwnSystem", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3},
        Case{"V4Attacked", "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:A", 9.2},
        Case{"V4OneImpact", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 8.7},
        Case{"V4Available", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:L", 8.7},
        Case{"V4Requirements", "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 8.3},
        Case{"V4Privileged", "CVSS:4.0/AV:N/AC:L/AT:N/PR:H/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 6.9},
        Case{"V4Local", "CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3},
        Case{"V4LocalAndMore", "CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 9.4},
        Case{"V4Physical", "CVSS:4.0/AV:P/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 5.4},
        Case{"V4OthersAlone", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 5.1},
        Case{"V4OthersHigh", "CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N", 5.9},
        Case{"V4LowImpacts", "CVSS:4.0/AV:A/AC:L/AT:N/PR:L/UI:A/VC:L/VI:L/VA:N/SC:N/SI:N/SA:H", 4.1},
        Case{"V4NoImpact", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0.0},
        Case{"V4NotAttacked", "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", 5.2},
        Case{"V4Least", "CVSS:4.0/AV:A/AC:H/AT:N/PR:H/UI:A/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N/E:U", 0.1},
        Case{"V4Safety", "CVSS:4.0/AV:A/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N/MSI:S/S:P", 9.7},
        Case{"V4Environment",
             "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N/"
             "CR:H/IR:L/AR:L/MAV:N/MAC:H/MVC:H/MVI:L/MVA:L",
             8.1},
        Case{"V4Supplements", "CVSS:4.0/AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:H/SA:N/S:P/V:D/U:Amber", 8.3},
        Case{"V4NotDefined", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:X/CR:X/MAV:X/S:X", 9.3},
        Case{"V4Missing", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N", -1},
        Case{"V4Twice", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/SA:N", -1},
        Case{"V4NoSuchMetric", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/RL:O", -1},
        Case{"V4NoSuchValue", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:R/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", -1},
        Case{"V4SafetyIsNoBase", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N", -1},
        Case{"V4ConfidentialityIsNoSafety", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/MSC:S",
             -1},
        Case{"V4NoSuchUrgency", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/U:Blue", -1},
        Case{"V4EmptyFields", "CVSS:4.0//////////", -1}, Case{"V4Nothing", "CVSS:4.0/", -1}),
    [](const auto& test) { return test.param.name; });

// The rating of several vectors, and how many of them are none.
std::string rated(const std::vector<std::string_view>& vectors) {
  CvssRating rating;
  for (const std::string_view vector : vectors) rating.add(vector);
  return std::to_string(std::lround(rating.score() * 10)) + ' ' + std::to_string(rating.unreadable());
}

TEST(Cvss, TheHighestOfVersions3And4CountsAndVersion2WhereItIsAlone) {
  constexpr std::string_view kV2 = "AV:N/AC:L/Au:N/C:C/I:C/A:C";
  constexpr std::string_view kV3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N";
  constexpr std::string_view kV4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
  EXPECT_EQ(rated({}), "-10 0");
  EXPECT_EQ(rated({kV2}), "100 0");
  EXPECT_EQ(rated({kV2, kV3}), "53 0");
  EXPECT_EQ(rated({kV4, kV3, kV2}), "93 0");
  EXPECT_EQ(rated({kV3, kV4}), "93 0");
  EXPECT_EQ(rated({"CVSS:4.0/rubbish", kV2}), "100 1");
  EXPECT_EQ(rated({"", "9.8"}), "-10 2");
}

TEST(Cvss, RatesScores) {
  EXPECT_EQ(severity_of_score(9.0), Severity::critical);
  EXPECT_EQ(severity_of_score(8.9), Severity::high);
  EXPECT_EQ(severity_of_score(7.0), Severity::high);
  EXPECT_EQ(severity_of_score(4.0), Severity::medium);
  EXPECT_EQ(severity_of_score(3.9), Severity::low);
  EXPECT_EQ(severity_of_score(0.1), Severity::low);
  EXPECT_EQ(severity_of_score(0.0), Severity::negligible);
}

}  // namespace
}  // namespace initscan
