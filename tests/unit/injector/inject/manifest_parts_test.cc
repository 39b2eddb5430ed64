#include "injector/inject/manifest_parts.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

// "before|body|after" of each part, with the line of its body, and J for JSON.
std::vector<std::string> shown(std::string_view text) {
  std::vector<std::string> all;
  std::string joined;
  for (const ManifestPart& part : split_manifest(text)) {
    all.push_back(std::string(part.before) + '|' + std::string(part.body) + '|' + std::string(part.after) +
                  std::to_string(part.line) + (part.is_json ? "J" : ""));
    joined.append(part.before).append(part.body).append(part.after);
  }
  EXPECT_EQ(joined, text);
  return all;
}

struct Case {
  const char* name;
  std::string_view text;
  std::vector<std::string> want;
};

class ManifestParts : public testing::TestWithParam<Case> {};

TEST_P(ManifestParts, AreTheManifest) {
  EXPECT_EQ(shown(GetParam().text), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ManifestParts,
    testing::Values(Case{"Nothing", "", {}}, Case{"One", "a: 1\n", {"|a: 1\n|1"}},
                    Case{"WithoutANewline", "a: 1", {"|a: 1|1"}},
                    Case{"Two", "a: 1\n---\nb: 2\n", {"|a: 1\n|1", "---\n|b: 2\n|3"}},
                    Case{"AMarkerFirst", "---\na: 1\n---\nb: 2\n", {"---\n|a: 1\n|2", "---\n|b: 2\n|4"}},
                    Case{"CommentsAround", "# x\n---\n# y\na: 1\n# z\n", {"# x\n---\n# y\n|a: 1\n|# z\n4"}},
                    Case{"ACommentBehindAMarker", "--- # x\na: 1\n", {"--- # x\n|a: 1\n|2"}},
                    Case{"ContentBehindAMarker", "--- {a: 1}\n", {"|--- {a: 1}\n|1"}},
                    Case{"NothingBetween", "---\n---\na: 1\n", {"---\n||2", "---\n|a: 1\n|3"}},
                    Case{"AnEnd", "a: 1\n...\n%YAML 1.2\n---\nb: 2\n", {"|a: 1\n|...\n1", "%YAML 1.2\n---\n|b: 2\n|5"}},
                    Case{"NoMarkerWithinALine", "a: |\n  ---\n  x\n---b: 1\n", {"|a: |\n  ---\n  x\n---b: 1\n|1"}},
                    Case{"WindowsLines", "a: 1\r\n---\r\nb: 2\r\n", {"|a: 1\r\n|1", "---\r\n|b: 2\r\n|3"}},
                    Case{"AByteOrderMark", "\xef\xbb\xbf---\na: 1\n", {"\xef\xbb\xbf---\n|a: 1\n|2"}},
                    Case{"BlankLinesAreTheDocuments", "a: |+\n  x\n\n# c\n", {"|a: |+\n  x\n\n|# c\n1"}},
                    Case{"Json", R"({"a":"}"})", {R"(|{"a":"}"}|1J)"}},
                    Case{"JsonBehindJson",
                         "{\"a\":1}{\"b\":\"\\\"}\"}\n{}\n",
                         {"|{\"a\":1}|1J", "|{\"b\":\"\\\"}\"}|1J", "\n|{}|\n2J"}},
                    Case{"JsonThatIsCutShort", "{\"a\":1}{\"b\":", {"|{\"a\":1}{\"b\":|1"}},
                    Case{"JsonAndSomethingElse", "{\"a\":1}\nb: 2\n", {"|{\"a\":1}\nb: 2\n|1"}},
                    Case{"JsonThenYaml", "{}\n---\na: 1\n", {"|{}|\n1J", "---\n|a: 1\n|3"}}),
    [](const auto& test) { return test.param.name; });

struct Plain {
  const char* name;
  std::string_view text;
  std::string_view want;  // "kind/name", "" where it has to be read
};

class PlainObjects : public testing::TestWithParam<Plain> {};

TEST_P(PlainObjects, AreWhatAReaderFinds) {
  const auto found = plain_object(GetParam().text);
  EXPECT_EQ(found ? std::string(found->kind) + '/' + std::string(found->name) : "", GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, PlainObjects,
    testing::Values(
        Plain{"Usual",
              "# c\napiVersion: v1\nkind: Service # c\nmetadata:\n  labels: {name: x}\n  name: s\nrules:\n- a\n",
              "Service/s"},
        Plain{"WindowsLines", "kind: A\r\nmetadata:\r\n  name: b\r\n", "A/b"},
        Plain{"ANameDeeperDownIsAnother", "kind: A\nmetadata:\n  labels:\n    name: x\n  name: b\n", "A/b"},
        Plain{"ANameElsewhereIsAnother", "kind: A\nmetadata:\n  name: b\nspec:\n  name: x\n", "A/b"},
        Plain{"NoKind", "a: b\nmetadata:\n  name: b\n", ""}, Plain{"NoName", "kind: A\nmetadata:\n  x: b\n", ""},
        Plain{"TwoKinds", "kind: A\nkind: B\nmetadata:\n  name: b\n", ""},
        Plain{"AQuotedKey", "\"kind\": B\nkind: A\nmetadata:\n  name: b\n", ""},
        Plain{"ASpaceBeforeTheColon", "kind : A\nmetadata:\n  name: b\n", ""},
        Plain{"AnAnchor", "kind: &a A\nmetadata:\n  name: b\n", ""},
        Plain{"AMerge", "kind: A\n<<: *a\nmetadata:\n  name: b\n", ""},
        Plain{"Indented", "  kind: Pod\n  metadata: \"\nkind: A\nmetadata:\n  name: b\n", ""},
        Plain{"InBraces", "{x: y,\nkind: A\n}\nmetadata:\n  name: b\n", ""},
        Plain{"AQuoteThatGoesOn", "x: \"\nkind: A\n\"\nmetadata:\n  name: b\n", ""},
        Plain{"ATab", "kind: A\n\tx: y\nmetadata:\n  name: b\n", ""},
        Plain{"ADirective", "%TAG ! x\nkind: A\nmetadata:\n  name: b\n", ""},
        Plain{"AFlowOfMetadata", "kind: A\nmetadata: {name: b}\n", ""}),
    [](const auto& test) { return test.param.name; });

TEST(ManifestPartsLines, AreTheSameToEveryReader) {
  EXPECT_TRUE(has_clear_lines("a: 1\r\nb: 2\n"));
  for (const std::string_view text :
       {"a: 1\rb: 2\n", "a: \xc2\x85\n", "a: \xe2\x80\xa8\n", "a: \xe2\x80\xa9\n", "a\r"}) {
    EXPECT_FALSE(has_clear_lines(text)) << text;
  }
}

}  // namespace
}  // namespace initscan::injector
