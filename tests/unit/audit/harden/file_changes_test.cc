#include "audit/harden/file_changes.h"

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

using enum FileChange::Kind;

struct Case {
  const char* name;
  std::string_view text;
  std::vector<FileChange> want;
  std::string_view error;
};

class FileChanges : public testing::TestWithParam<Case> {};

TEST_P(FileChanges, AreReadOrSayWhyNot) {
  const auto got = parse_file_changes(GetParam().text);
  ASSERT_EQ(got.has_value(), GetParam().error.empty()) << (got ? "" : got.error().text);
  if (got)
    EXPECT_EQ(*got, GetParam().want);
  else
    EXPECT_EQ(got.error().text, GetParam().error);
}

using std::string_view_literals::operator""sv;

INSTANTIATE_TEST_SUITE_P(
    Table, FileChanges,
    testing::Values(Case{"Empty", "", {}, ""},
                    Case{"AllKinds",
                         "C /var\nA /var/new\nD /etc/old\n",
                         {{changed, "/var"}, {added, "/var/new"}, {deleted, "/etc/old"}},
                         ""},
                    Case{"NoFinalNewline", "A /a", {{added, "/a"}}, ""},
                    Case{"CommentsAndEmptyLines", "# seen today\n\nA /a\r\n", {{added, "/a"}}, ""},
                    Case{"SlashAtTheEndIsADirectory", "A /a/b/\n", {{added, "/a/b", true}}, ""},
                    Case{"BlanksBelongToNames", "A /a b \n", {{added, "/a b "}}, ""},
                    Case{"DotsAndSlashesGo", "A //a/./b\n", {{added, "/a/b"}}, ""},
                    Case{"TheRootSaysNothing", "C /\nA /a\n", {{added, "/a"}}, ""},
                    Case{"NamesMayStartWithDots", "A /..a/...\n", {{added, "/..a/..."}}, ""},
                    Case{"AnotherLetter", "A /a\nM /b\n", {}, "2: want \"A /path\", \"C /path\" or \"D /path\""},
                    Case{"NoLetter", "/a\n", {}, "1: want \"A /path\", \"C /path\" or \"D /path\""},
                    Case{"Relative", "A a/b\n", {}, "1: want an absolute path without \"..\""},
                    Case{"Upwards", "A /a/../../etc\n", {}, "1: want an absolute path without \"..\""},
                    Case{"Null", "A /a\0b\n"sv, {}, "1: want an absolute path without \"..\""}),
    [](const auto& test) { return test.param.name; });

TEST(FileChangesLimits, AreNamed) {
  EXPECT_EQ(parse_file_changes("A /" + std::string(kMaxPathBytes, 'a')).error().text,
            "1: the path is longer than 4,096 bytes");
  std::string many;
  for (std::size_t i = 0; i <= kMaxFileChanges; ++i) many += "A /a\n";
  EXPECT_EQ(parse_file_changes(many).error().text, "100001: more than 100,000 entries");
}

}  // namespace
}  // namespace initscan::audit
