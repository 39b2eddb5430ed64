#include "common/text/visible.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

using namespace std::string_view_literals;

struct Case {
  const char* name;
  std::string_view text;
  std::string_view want;
};

class Visible : public testing::TestWithParam<Case> {};

TEST_P(Visible, IsOneHarmlessLine) {
  EXPECT_EQ(visible(GetParam().text), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Visible,
    testing::Values(Case{"Plain", "libssl3 3.0.11-1~deb12u2", "libssl3 3.0.11-1~deb12u2"}, Case{"Empty", "", ""},
                    Case{"Utf8", "naïve – 日本 😀", "naïve – 日本 😀"},
                    Case{"Controls", "a\0b\x1b[0m\n\r\t\x7f"sv, "a\\u{0}b\\u{1b}[0m\\u{a}\\u{d}\\u{9}\\u{7f}"},
                    Case{"C1Control", "\u0085", "\\u{85}"}, Case{"Separators", "\u2028\u2029", "\\u{2028}\\u{2029}"},
                    Case{"TurnedDirection", "a\u202egpj", "a\\u{202e}gpj"},
                    Case{"Isolates", "\u2066x\u2069", "\\u{2066}x\\u{2069}"},
                    Case{"ArabicLetterMark", "\u061c", "\\u{61c}"}, Case{"SoftHyphen", "a\u00adb", "a\\u{ad}b"},
                    Case{"NoWidth", "a\u200bb\ufeff\u2060", "a\\u{200b}b\\u{feff}\\u{2060}"},
                    Case{"Joiners", "a\u034f\u200d", "a\\u{34f}\\u{200d}"},
                    Case{"Fillers", "\u115f\u3164\uffa0", "\\u{115f}\\u{3164}\\u{ffa0}"},
                    Case{"VariationSelectors", "\ufe0f\U000e0100", "\\u{fe0f}\\u{e0100}"},
                    Case{"Tags", "\U000e0041", "\\u{e0041}"}, Case{"NotXml", "\ufffe", "\\u{fffe}"},
                    Case{"NotUtf8", "caf\xe9", "caf\\x{e9}"}, Case{"LoneContinuation", "\x80z", "\\x{80}z"},
                    Case{"CutShort", "a\xe6\x97", "a\\x{e6}\\x{97}"}, Case{"Overlong", "\xc0\xaf", "\\x{c0}\\x{af}"},
                    Case{"Surrogate", "\xed\xa0\x80", "\\x{ed}\\x{a0}\\x{80}"},
                    Case{"BeyondUnicode", "\xf4\x90\x80\x80", "\\x{f4}\\x{90}\\x{80}\\x{80}"}),
    [](const auto& test) { return test.param.name; });

TEST(VisibleLines, Stay) {
  EXPECT_EQ(visible_lines("a\nb\r\n", 100), "a\nb\\u{d}\n");
  EXPECT_EQ(visible_lines("a\nbcd", 3), "a\nb...");
}

TEST(VisibleLimits, CutLongValues) {
  EXPECT_EQ(visible(std::string(kMaxVisibleBytes, 'a')), std::string(kMaxVisibleBytes, 'a'));
  EXPECT_EQ(visible(std::string(kMaxVisibleBytes + 1, 'a')), std::string(kMaxVisibleBytes, 'a') + "...");
  EXPECT_LE(visible(std::string(50'000'000, '\1')).size(), kMaxVisibleBytes + 16);
}

}  // namespace
}  // namespace initscan
