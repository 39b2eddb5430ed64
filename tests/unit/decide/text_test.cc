#include "initscan/report/text.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

struct Case {
  const char* name;
  std::string_view text;
  std::string_view want;
};

class Printable : public testing::TestWithParam<Case> {};

TEST_P(Printable, Text) {
  EXPECT_EQ(printable(GetParam().text), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Printable,
    testing::Values(Case{"Plain", "libssl3 3.0.11-1~deb12u2", "libssl3 3.0.11-1~deb12u2"},
                    Case{"Utf8", "naïve – 日本 😀", "naïve – 日本 😀"}, Case{"Escape", "a\x1b[2Jb", "a?[2Jb"},
                    Case{"LineBreak", "a\nb\rc\td", "a?b?c?d"}, Case{"Delete", "a\x7f", "a?"},
                    Case{"LoneContinuation", "\x80z", "?z"}, Case{"CutShort", "a\xe6\x97", "a??"},
                    Case{"Overlong", "\xc0\xaf", "??"}, Case{"Surrogate", "\xed\xa0\x80", "???"},
                    Case{"BeyondUnicode", "\xf4\x90\x80\x80", "????"}, Case{"C1Control", "\xc2\x9b", "?"},
                    Case{"WritingDirection", "a\xe2\x80\xae", "a?"}, Case{"Isolate", "\xe2\x81\xa6", "?"}),
    [](const auto& test) { return test.param.name; });

TEST(WidthOf, CountsCharacters) {
  EXPECT_EQ(width_of("a–b"), 3u);
}

}  // namespace
}  // namespace initscan
