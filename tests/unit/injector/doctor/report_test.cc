#include "injector/doctor/report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

const CheckItem kGood = CheckItem::ok("a", "fine");
const CheckItem kOdd = CheckItem::warning("b", "odd", "look");
const CheckItem kBad = CheckItem::error("long-name", "bad", "repair");
const CheckItem kDark = CheckItem::unknown("c", "dark", "ask");

TEST(CheckReport, IsOneLineForEachItem) {
  EXPECT_EQ(check_table({kGood, kOdd, kBad, kDark}),
            "ok       a          fine\n"
            "warning  b          odd; look\n"
            "error    long-name  bad; repair\n"
            "unknown  c          dark; ask\n");
}

TEST(CheckReport, IsSafeOnATerminal) {
  EXPECT_EQ(check_table({CheckItem::error("x\x1b[2J", "two\nlines", "")}), "error    x\\u{1b}[2J  two\\u{a}lines\n");
}

struct Case {
  const char* name;
  std::vector<CheckItem> items;
  int code;
  const char* result;
};

class CheckResult : public testing::TestWithParam<Case> {};

TEST_P(CheckResult, IsTheWorst) {
  const Case& c = GetParam();
  EXPECT_EQ(static_cast<int>(check_exit_code(c.items)), c.code);
  const auto json = nlohmann::json::parse(check_json(c.items));
  EXPECT_EQ(json["result"], c.result);
  EXPECT_EQ(json["items"].size(), c.items.size());
}

INSTANTIATE_TEST_SUITE_P(Table, CheckResult,
                         testing::Values(Case{"Good", {kGood}, 0, "ok"},
                                         Case{"AWarningIsNoError", {kGood, kOdd}, 0, "ok"},
                                         Case{"Unknown", {kGood, kDark}, 1, "undecided"},
                                         Case{"Wrong", {kGood, kBad}, 2, "wrong"},
                                         Case{"WrongIsDecided", {kDark, kBad}, 2, "wrong"}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan::injector
