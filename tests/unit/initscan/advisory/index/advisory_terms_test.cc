// What a statement carries besides versions: who says it, of which packages, and what comes of it.
#include "common/file_io.h"
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/index/index_builder.h"
#include "initscan/model/scope_text.h"
#include "tests/unit/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::Pair;

// What the feeds of these tests hold, whatever their files do.
std::vector<AffectedPackage> said;
bool is_malware = false;

Result<void> say(std::string_view, const RecordSink& sink) {
  FeedRecord record;
  record.id = "CVE-1";
  Advisory advisory;
  advisory.id = "CVE-1";
  advisory.is_malicious = is_malware;
  advisory.affected = said;
  record.advisories.push_back(std::move(advisory));
  sink(std::move(record));
  return {};
}

bool is_any(std::string_view) {
  return true;
}

AffectedPackage affected(AdvisoryStatus status, AdvisoryScope scope = {}, std::vector<VersionRange> ranges = {}) {
  AffectedPackage made{"Debian:12", "a", std::move(ranges)};
  made.status = status;
  made.scope = std::move(scope);
  return made;
}

class AdvisoryTerms : public testing::Test {
 protected:
  void SetUp() override {
    said.clear();
    is_malware = false;
    ASSERT_TRUE(write_file((folder_.path() / "feed").string(), "x"));
  }

  std::string build(const std::vector<std::string_view>& kinds = {"vex"}) {
    IndexBuilder builder;
    for (const std::string_view kind : kinds) {
      const auto added = builder.add({kind, "anything", is_any, say}, folder_.path().string());
      EXPECT_TRUE(added) << added.error().text;
    }
    auto bytes = builder.build();
    statistics_ = builder.statistics().front();
    EXPECT_TRUE(bytes) << bytes.error().text;
    return bytes ? *bytes : std::string();
  }

  // "feed status introduced..fixed", and what else is said.
  std::vector<std::string> rows(const std::vector<std::string_view>& kinds = {"vex"}) {
    const std::string bytes = build(kinds);
    const auto index = AdvisoryIndex::over(bytes);
    if (!index) return {index.error().text};
    std::vector<std::string> rows;
    const auto visited = index->for_each("Debian:12", "a", [&](const AffectedRow& row) {
      std::string text = std::string(row.feed) + ' ' + std::to_string(static_cast<int>(row.status)) + ' ' +
                         std::string(row.introduced) + ".." + std::string(row.fixed);
      if (row.kind == StatementKind::unfixed) text += " unfixed";
      if (row.kind == StatementKind::unclear) text += " unclear";
      if (row.is_malicious) text += " malicious";
      if (const auto scope = scope_in(row.scope); scope && !row.scope.empty())
        text += " of " + std::string(scope->module);
      if (!row.symbols.empty()) text += " in " + std::string(row.symbols);
      rows.push_back(std::move(text));
    });
    EXPECT_TRUE(visited);
    return rows;
  }

  TemporaryFolder folder_;
  FeedStatistics statistics_;
};

TEST_F(AdvisoryTerms, StayWithEachStatement) {
  said = {affected(AdvisoryStatus::will_not_fix), affected(AdvisoryStatus::not_affected, {{}, "", "b:1", "", {}}),
          affected(AdvisoryStatus::affected, {{}, "", "b:2", "", {}}, {{"", "2", ""}})};
  said[2].symbols = {"x.A", "x.B"};
  EXPECT_THAT(rows(), ElementsAre("vex 5 .. of b:1", "vex 1 .. unfixed", "vex 0 ..2 of b:2 in x.A x.B"));
}

TEST_F(AdvisoryTerms, WhatTwoFeedsSayIsTwoStatements) {
  said = {affected(AdvisoryStatus::affected, {}, {{"", "2", ""}})};
  EXPECT_THAT(rows({"vex", "csaf"}), ElementsAre("csaf 0 ..2", "vex 0 ..2"));
  EXPECT_EQ(build({"vex", "csaf"}), build({"csaf", "vex"})) << "the order of feeds matters";
}

TEST_F(AdvisoryTerms, AClosingRangeIsOne) {
  said = {affected(AdvisoryStatus::not_affected, {}, {{"1", "", ""}}),
          affected(AdvisoryStatus::deferred, {}, {{"1", "", ""}})};
  EXPECT_THAT(rows(), ElementsAre("vex 5 1..", "vex 2 1.. unfixed"));
}

TEST_F(AdvisoryTerms, MalwareIsSaidOfEach) {
  is_malware = true;
  said = {affected(AdvisoryStatus::affected, {}, {{"", "", ""}})};
  EXPECT_THAT(rows(), ElementsAre("vex 0 .. unfixed malicious"));
}

TEST_F(AdvisoryTerms, WhatIsNotUnderstoodClosesNothing) {
  said = {affected(AdvisoryStatus::not_affected), affected(AdvisoryStatus::affected, {{}, "", "c\n", "", {}}),
          affected(AdvisoryStatus::not_affected, {{}, "", "c\n", "", {}}), affected(AdvisoryStatus::not_affected)};
  said[3].unclear = {"no versions are given"};
  EXPECT_THAT(rows(), ElementsAre("vex 5 ..", "vex 0 which packages it is about is not understood.. unclear"));
  EXPECT_THAT(statistics_.doubtful_statements,
              ElementsAre(Pair("no versions are given", 1), Pair("which packages it is about is not understood", 2)));
}

}  // namespace
}  // namespace initscan
