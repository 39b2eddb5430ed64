#include "initscan/advisory/feed/cargo_ranges.h"
#include "tests/unit/initscan/advisory/feed/parsed.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

std::string advisory(const std::string& head, const std::string& rest) {
  return "```toml\n[advisory]\nid = \"RUSTSEC-2021-0093\"\npackage = \"deque\"\ndate = \"2021-07-30\"\n" + head + "\n" +
         rest + "\n```\n\n# A race\n\nWords.\n";
}

FeedRecord one(const std::string& markdown) {
  Parsed result = parsed(parse_rustsec, markdown);
  EXPECT_EQ(result.error, "");
  return result.records.empty() ? FeedRecord{} : std::move(result.records[0]);
}

TEST(RustSec, ReadsAnAdvisory) {
  const FeedRecord record =
      one(advisory("aliases = [\"CVE-2021-32810\"]\ncvss = \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N\"",
                   "[versions]\npatched = [\">= 0.7.4, < 0.8.0\", \">= 0.8.1\"]\nunaffected = [\"< 0.5\"]"));
  EXPECT_EQ(record.id, "RUSTSEC-2021-0093");
  Advisory want;
  want.id = "RUSTSEC-2021-0093";
  want.aliases = {"CVE-2021-32810"};
  want.severity = Severity::high;
  want.cvss = 7.5;
  want.published = "2021-07-30T00:00:00Z";
  want.summary = "A race";
  want.affected = {{"crates.io", "deque", {{"0.5.0-0", "0.7.4", ""}, {"0.8.0", "0.8.1", ""}}}};
  EXPECT_EQ(record.advisories, std::vector<Advisory>{want});
}

TEST(RustSec, TellsInformationFromFlaws) {
  for (const std::string kind : {"unmaintained", "notice"}) {
    EXPECT_EQ(one(advisory("informational = \"" + kind + '"', "")).skipped,
              std::vector<std::string>{"information that is no vulnerability"});
  }
  EXPECT_EQ(one(advisory("informational = \"unsound\"", "")).advisories.size(), 1u);
  const FeedRecord withdrawn = one(advisory("withdrawn = \"2022-01-01\"", ""));
  EXPECT_TRUE(withdrawn.withdrawn);
  EXPECT_EQ(withdrawn.skipped, std::vector<std::string>{"withdrawn"});
}

TEST(RustSec, WhatIsNotUnderstoodLeavesTheCrateUndecided) {
  for (const std::string patched : {"[\">= x\"]", "\">= 1\"", "[1]", "[\"\"]"}) {
    EXPECT_EQ(one(advisory("", "[versions]\npatched = " + patched)).advisories.at(0).affected.at(0).unclear,
              std::vector<std::string>{"a version range that is not understood"})
        << patched;
  }
}

TEST(RustSec, RejectsWithAPlace) {
  const auto error = [](const std::string& markdown) { return parsed(parse_rustsec, markdown).error; };
  EXPECT_EQ(error("# A race"), "1: want ```toml, and ``` behind it");
  EXPECT_EQ(error("```toml\na = 1"), "1: want ```toml, and ``` behind it");
  EXPECT_EQ(error("```toml\na = \n```").substr(0, 12), "2: not TOML:");
  EXPECT_EQ(error("```toml\n```"), "advisory.id: want an id");
  EXPECT_EQ(error("```toml\n[advisory]\nid = 'A'\n```"), "A: advisory.package: want a name");
  EXPECT_EQ(error("```toml\n[advisory]\nid = 'A'\npackage = 'b'\naliases = 'c'\n```"),
            "A: advisory.aliases: want a list of texts");
}

// "introduced..fixed" or "introduced..=last" of each stretch outside of some requirements, or "?".
std::string outside(const std::vector<std::string_view>& requirements) {
  const auto ranges = versions_outside(requirements);
  if (!ranges) return "?";
  std::string text;
  for (const VersionRange& range : *ranges) {
    text += (text.empty() ? "" : " ") + range.introduced + ".." + range.fixed;
    if (!range.last_affected.empty()) text += '=' + range.last_affected;
  }
  return text;
}

TEST(CargoRanges, AreWhatNoRequirementTakes) {
  EXPECT_EQ(outside({}), "..");
  EXPECT_EQ(outside({">= 1.2.3"}), "..1.2.3");
  EXPECT_EQ(outside({"> 1.2.3"}), "..=1.2.3");
  EXPECT_EQ(outside({"> 1.2"}), "..1.3.0");
  EXPECT_EQ(outside({"< 1.2"}), "1.2.0-0..");
  EXPECT_EQ(outside({"<= 1.2.3"}), "1.2.4-0..");
  EXPECT_EQ(outside({"<= 1.2.3-rc.1"}), "1.2.3-rc.1.0..");
  EXPECT_EQ(outside({"<= 1"}), "2.0.0-0..");
  EXPECT_EQ(outside({"=1.2.3", "= 2"}), "..1.2.3 1.2.4-0..2.0.0 3.0.0-0..");
  EXPECT_EQ(outside({"^0.2.3"}), "..0.2.3 0.3.0-0..");
  EXPECT_EQ(outside({"^0.0.3"}), "..0.0.3 0.0.4-0..");
  EXPECT_EQ(outside({"^0.0"}), "0.1.0-0..");
  EXPECT_EQ(outside({"1.2"}), "..1.2.0 2.0.0-0..");
  EXPECT_EQ(outside({"~1.2.3"}), "..1.2.3 1.3.0-0..");
  EXPECT_EQ(outside({"~1"}), "..1.0.0 2.0.0-0..");
  EXPECT_EQ(outside({">= 2, < 3", ">= 1, < 2.5", "< 0.5"}), "0.5.0-0..1.0.0 3.0.0-0..");
  EXPECT_EQ(outside({">= 1", ">= 2, < 3"}), "..1.0.0");
  EXPECT_EQ(outside({"*"}), "");
  EXPECT_EQ(outside({"1.x"}), "..1.0.0 2.0.0-0..");
  for (const std::string_view odd : {"", ">= ", "!= 1", ">= 1.2.3.4", ">= 1.2-a", ">= 1, ", ">= -1"})
    EXPECT_EQ(outside({odd}), "?") << odd;
}

}  // namespace
}  // namespace initscan
