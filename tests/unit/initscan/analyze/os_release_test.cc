#include "initscan/analyze/os_release.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

struct Case {
  const char* name;
  std::string_view text;
  OsRelease want;
};

class OsReleaseFile : public testing::TestWithParam<Case> {};

TEST_P(OsReleaseFile, IsReadAsItsStandardSays) {
  EXPECT_EQ(parse_os_release(GetParam().text), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, OsReleaseFile,
    testing::Values(Case{"Empty", "", {}},
                    Case{
                        "Debian",
                        "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n"
                        "VERSION_CODENAME=bookworm\nID=debian\n",
                        {"debian", "12", "bookworm", "Debian GNU/Linux 12 (bookworm)"}},
                    Case{"SingleQuotes", "ID='a b\\c'\n", {"a b\\c", "", "", ""}},
                    Case{"Escapes", R"(PRETTY_NAME="a \"b\" \$c \\ d")", {"", "", "", R"(a "b" $c \ d)"}},
                    Case{"NoFinalNewline", "ID=alpine", {"alpine", "", "", ""}},
                    Case{"CarriageReturn", "ID=alpine\r\nVERSION_ID=3\r\n", {"alpine", "3", "", ""}},
                    Case{"CommentsAndRubbish", "# ID=x\nrubbish\n=y\nID=z\n", {"z", "", "", ""}},
                    Case{"TheLastCounts", "ID=a\nID=b\n", {"b", "", "", ""}},
                    Case{"BareValueEndsAtSpace", "ID=a b\n", {"a", "", "", ""}},
                    Case{"OpenQuote", "ID=\"a\nVERSION_ID=1\n", {"a", "1", "", ""}}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan
