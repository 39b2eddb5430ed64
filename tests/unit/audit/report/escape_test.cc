#include "audit/report/escape.h"

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

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
                    Case{"Address", markdown_text, "http://a", "http:<!-- -->//a"},
                    Case{"BareAddress", markdown_text, "www.a", "w<!-- -->w<!-- -->w.a"},
                    Case{"NoListInAList", markdown_text, "- a", "\\- a"},
                    Case{"WhatIsNoMarkupStays", markdown_text, "x-y.io/z: 1", "x-y.io/z: 1"},
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

}  // namespace
}  // namespace initscan::audit
