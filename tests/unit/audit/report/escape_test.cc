#include "audit/report/escape.h"

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

using namespace std::string_view_literals;

struct Case {
  const char* name;
  std::string (*escape)(std::string_view);
  std::string_view text;
  std::string_view want;
};

class Escape : public testing::TestWithParam<Case> {};

TEST_P(Escape, MakesHarmless) {
  EXPECT_EQ(GetParam().escape(GetParam().text), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Visible, Escape,
    testing::Values(Case{"Plain", visible, "shop-1.4 é日", "shop-1.4 é日"}, Case{"Empty", visible, "", ""},
                    Case{"Controls", visible, "a\0b\x1b[0m\n\t\x7f"sv, "a\\u{0}b\\u{1b}[0m\\u{a}\\u{9}\\u{7f}"},
                    Case{"C1Control", visible, "\u0085", "\\u{85}"},
                    Case{"TurnedDirection", visible, "a\u202egpj", "a\\u{202e}gpj"},
                    Case{"Isolates", visible, "\u2066x\u2069", "\\u{2066}x\\u{2069}"},
                    Case{"ArabicLetterMark", visible, "\u061c", "\\u{61c}"},
                    Case{"NoWidth", visible, "a\u200bb\ufeff", "a\\u{200b}b\\u{feff}"},
                    Case{"Tags", visible, "\U000e0041", "\\u{e0041}"}, Case{"NotXml", visible, "\ufffe", "\\u{fffe}"},
                    Case{"NotUtf8", visible, "caf\xe9", "caf\\x{e9}"},
                    Case{"Surrogate", visible, "\xed\xa0\x80", "\\x{ed}\\x{a0}\\x{80}"},
                    Case{"LinesStay", visible_lines, "a\nb\r\n", "a\nb\\u{d}\n"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(Markup, Escape,
                         testing::Values(Case{"Element", markup_text, "<script>", "&lt;script&gt;"},
                                         Case{"Quotes", markup_text, "\"'&", "&quot;&#39;&amp;"},
                                         Case{"EntityStaysText", markup_text, "&lt;", "&amp;lt;"},
                                         Case{"LinesStay", markup_lines, "<a>\n", "&lt;a&gt;\n"}),
                         [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Markdown, Escape,
    testing::Values(Case{"Emphasis", markdown_text, "*a* _b_", "\\*a\\* \\_b\\_"},
                    Case{"Link", markdown_text, "[a](b)", "\\[a\\]\\(b\\)"},
                    Case{"Html", markdown_text, "<b>&amp;", "\\<b\\>\\&amp;"},
                    Case{"Cell", markdown_text, "a|b", "a\\|b"}, Case{"Mention", markdown_text, "@all", "@<!-- -->all"},
                    Case{"Address", markdown_text, "http://a", "http\\:<!-- -->//a"},
                    Case{"BareAddress", markdown_text, "www.a", "w<!-- -->w<!-- -->w.a"},
                    Case{"Backslash", markdown_text, "\\", "\\\\"}, Case{"Code", markdown_code, "a<b>", "`a<b>`"},
                    Case{"CodeWithBackticks", markdown_code, "a``b", "```a``b```"},
                    Case{"CodeOfBackticks", markdown_code, "`", "`` ` ``"},
                    Case{"CodeInCell", markdown_code, "a|b", "`a\\|b`"}, Case{"NoCode", markdown_code, "", ""}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Csv, Escape,
    testing::Values(Case{"Plain", csv_field, "web", "web"}, Case{"Comma", csv_field, "a,b", "\"a,b\""},
                    Case{"Quote", csv_field, "a\"b", "\"a\"\"b\""}, Case{"Equals", csv_field, "=1+1", "'=1+1"},
                    Case{"Plus", csv_field, "+1", "'+1"}, Case{"Minus", csv_field, "-1", "'-1"},
                    Case{"At", csv_field, "@SUM(A1)", "'@SUM(A1)"}, Case{"Tab", csv_field, "\t=1", "\\u{9}=1"},
                    Case{"CarriageReturn", csv_field, "\r=1", "\\u{d}=1"},
                    Case{"NewLine", csv_field, "a\nb", "a\\u{a}b"}, Case{"FullWidth", csv_field, "\uff1d1", "'\uff1d1"},
                    Case{"FormulaWithComma", csv_field, "=A(1,\"x\")", "\"'=A(1,\"\"x\"\")\""}),
    [](const auto& test) { return test.param.name; });

TEST(EscapeLimits, CutLongValues) {
  EXPECT_EQ(visible(std::string(kMaxShownBytes, 'a')), std::string(kMaxShownBytes, 'a'));
  EXPECT_EQ(visible(std::string(kMaxShownBytes + 1, 'a')), std::string(kMaxShownBytes, 'a') + "...");
  EXPECT_LE(visible(std::string(50'000'000, '\1')).size(), kMaxShownBytes + 16);
}

}  // namespace
}  // namespace initscan::audit
