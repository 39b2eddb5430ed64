// What several records and feeds come to together.
#include "common/file_io.h"
#include "common/text/join.h"
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/index/index_builder.h"
#include "tests/unit/temporary_folder.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::Pair;

struct Document {
  std::string id;
  std::string events = R"({"introduced":"0"})";
  std::string more = "";  // fields with a comma behind them
  std::string modified = "2026-01-01T00:00:00Z";
  std::string ecosystem = "Debian:12";
};

std::string json(const Document& d) {
  return R"({"id":")" + d.id + R"(","modified":")" + d.modified + R"(",)" + d.more +
         R"("affected":[{"package":{"ecosystem":")" + d.ecosystem +
         R"(","name":"a"},"ranges":[{"type":"ECOSYSTEM","events":[)" + d.events + "]}]}]}";
}

class AdvisoryRecords : public testing::Test {
 protected:
  // A feed of OSV documents, which are read in this order.
  static IndexBuilder built(const std::vector<std::string>& documents, Result<std::string>& bytes) {
    const TemporaryFolder folder;
    std::string all = "[";
    for (const std::string& document : documents) all += (all.size() > 1 ? "," : "") + document;
    EXPECT_TRUE(write_file((folder.path() / "all.json").string(), all + ']'));
    IndexBuilder builder;
    const auto added = builder.add(feed_formats().front(), folder.path().string());
    EXPECT_TRUE(added) << added.error().text;
    bytes = builder.build();
    return builder;
  }

  // "ID [aliases] introduced..fixed" for each statement about the package a, whatever the order of the records.
  static std::vector<std::string> rows(std::vector<std::string> documents, const char* ecosystem = "Debian:12") {
    std::sort(documents.begin(), documents.end());
    std::string first;
    do {
      Result<std::string> bytes(Error{});
      built(documents, bytes);
      EXPECT_TRUE(bytes) << bytes.error().text;
      if (!bytes) return {};
      if (first.empty()) first = *bytes;
      EXPECT_EQ(first, *bytes) << "the order of records matters";
    } while (std::next_permutation(documents.begin(), documents.end()));
    return rows_in(first, ecosystem);
  }

  static std::vector<std::string> rows_in(const std::string& bytes, const char* ecosystem) {
    std::vector<std::string> rows;
    const auto index = AdvisoryIndex::over(bytes);
    EXPECT_TRUE(index);
    const auto visited = index->for_each(ecosystem, "a", [&](const AffectedRow& row) {
      const auto details = index->details(row.vulnerability);
      ASSERT_TRUE(details) << details.error().text;
      rows.push_back(details->id + " [" + join(details->aliases, " ") + "] " + std::string(row.introduced) + ".." +
                     std::string(row.fixed));
    });
    EXPECT_TRUE(visited);
    return rows;
  }
};

const std::string kFixed1 = R"({"introduced":"0"},{"fixed":"1"})";
const std::string kFixed2 = R"({"introduced":"0"},{"fixed":"2"})";
const std::string kFixed3 = R"({"introduced":"0"},{"fixed":"3"})";

TEST_F(AdvisoryRecords, TheLaterOfOneIdIsTheRecord) {
  EXPECT_THAT(rows({json({"CVE-1", kFixed1}), json({"CVE-1", kFixed2, "", "2026-02-01T00:00:00Z"})}),
              ElementsAre("CVE-1 [] ..2"));
  EXPECT_THAT(rows({json({"CVE-1", kFixed1, "", "2026-01-01T00:00:00.25Z"}),
                    json({"CVE-1", kFixed2, "", "2026-01-01T00:00:00.3Z"})}),
              ElementsAre("CVE-1 [] ..2"))
      << "by a part of a second";
  EXPECT_THAT(rows({json({"CVE-1", kFixed1, "", "2026-01-01T01:00:00Z"}),
                    json({"CVE-1", kFixed2, "", "2026-01-01T02:30:00+02:00"})}),
              ElementsAre("CVE-1 [] ..1"))
      << "the time counts, not the text";
  EXPECT_THAT(rows({json({"CVE-1", kFixed1, "", ""}), json({"CVE-1", kFixed2})}), ElementsAre("CVE-1 [] ..2"))
      << "what gives no time is the earliest";
}

TEST_F(AdvisoryRecords, OfTheSameTimeBothCount) {
  EXPECT_THAT(rows({json({"CVE-1", kFixed1}), json({"CVE-1", kFixed2})}), ElementsAre("CVE-1 [] ..1", "CVE-1 [] ..2"));
}

TEST_F(AdvisoryRecords, WithdrawnIsWithdrawn) {
  const std::string withdrawn = R"("withdrawn":"2026-02-01T00:00:00Z",)";
  EXPECT_THAT(rows({json({"CVE-1", kFixed1}), json({"CVE-1", kFixed1, withdrawn, "2026-02-01T00:00:00Z"})}),
              ElementsAre());
  EXPECT_THAT(rows({json({"CVE-1", kFixed1, withdrawn}), json({"CVE-1", kFixed2, "", "2026-02-01T00:00:00Z"})}),
              ElementsAre("CVE-1 [] ..2"))
      << "and may come back";
  EXPECT_THAT(rows({json({"CVE-1", kFixed1}), json({"CVE-1", kFixed1, withdrawn})}), ElementsAre("CVE-1 [] ..1"))
      << "nobody knows which is the later";
}

TEST_F(AdvisoryRecords, ALaterRecordOfAnotherDistributionReplacesNothing) {
  EXPECT_THAT(rows({json({"CVE-1", kFixed1}), json({"CVE-1", kFixed2, "", "2026-02-01T00:00:00Z", "Alpine:v3.20"})}),
              ElementsAre("CVE-1 [] ..1"));
  EXPECT_THAT(rows({json({"CVE-1", kFixed1}), json({"CVE-1", kFixed2, "", "2026-02-01T00:00:00Z", "Debian:13"})}),
              ElementsAre())
      << "the same distribution's does";
  EXPECT_THAT(rows({json({"CVE-1", kFixed1}), R"({"id":"CVE-1","modified":"2026-02-01T00:00:00Z"})"}), ElementsAre())
      << "and one that speaks of nothing";
}

TEST_F(AdvisoryRecords, AliasesAreOneVulnerability) {
  EXPECT_THAT(rows({json({"CVE-1", kFixed1}), json({"GHSA-1", kFixed2, R"("aliases":["PYSEC-1"],)"}),
                    json({"PYSEC-1", kFixed3, R"("aliases":["CVE-1"],)"})}),
              ElementsAre("CVE-1 [GHSA-1 PYSEC-1] ..1", "CVE-1 [GHSA-1 PYSEC-1] ..2", "CVE-1 [GHSA-1 PYSEC-1] ..3"));
  EXPECT_THAT(rows({json({"CVE-1", kFixed1, R"("aliases":["GHSA-1"],)"}), json({"GHSA-1", kFixed1})}),
              ElementsAre("CVE-1 [GHSA-1] ..1"));
  EXPECT_THAT(rows({json({"GHSA-1", kFixed1, R"("related":["GHSA-2"],)"}), json({"GHSA-2", kFixed1})}),
              ElementsAre("GHSA-1 [] ..1", "GHSA-2 [] ..1"))
      << "related is not the same";
}

TEST_F(AdvisoryRecords, AnAnnouncementSpeaksOfEachOfItsVulnerabilities) {
  EXPECT_THAT(rows({json({"DSA-1-1", kFixed1, R"("upstream":["CVE-1","CVE-2"],)"}),
                    json({"DEBIAN-CVE-2", kFixed1, R"("upstream":["CVE-2"],)"})}),
              ElementsAre("CVE-1 [DSA-1-1] ..1", "CVE-2 [DEBIAN-CVE-2 DSA-1-1] ..1"));
}

TEST_F(AdvisoryRecords, AnUpdateOfAnEarlierFixIsNoFix) {
  const auto update = [](const std::string& id, const std::string& events, const char* summary) {
    return json({id, events, R"("upstream":["CVE-1"],"summary":")" + std::string(summary) + R"(",)"});
  };
  const std::string first = update("DLA-9-1", kFixed1, "a - security update");
  EXPECT_THAT(rows({first, update("DLA-9-2", kFixed2, "a - regression update"),
                    update("DLA-9-10", kFixed3, "a - regression update")}),
              ElementsAre("CVE-1 [DLA-9-1 DLA-9-10 DLA-9-2] ..1"));
  EXPECT_THAT(rows({first, update("DLA-9-2", kFixed2, "a - security update")}),
              ElementsAre("CVE-1 [DLA-9-1 DLA-9-2] ..1", "CVE-1 [DLA-9-1 DLA-9-2] ..2"))
      << "a first fix that was not enough";
  EXPECT_THAT(
      rows({update("DSA-9-2", kFixed2, "a - regression update"), update("DSA-9-3", kFixed3, "a - regression update")}),
      ElementsAre("CVE-1 [DSA-9-2 DSA-9-3] ..2"))
      << "the earliest that is known";
  EXPECT_THAT(rows({first, update("DSA-9-2", kFixed2, "a - regression update")}),
              ElementsAre("CVE-1 [DLA-9-1 DSA-9-2] ..1", "CVE-1 [DLA-9-1 DSA-9-2] ..2"))
      << "of another series";
}

TEST_F(AdvisoryRecords, NothingOfWhichCanBeMatchedIsNoIndex) {
  Result<std::string> bytes(Error{});
  built({json({"X-1", kFixed1, "", "", "CRAN"}), json({"X-2", kFixed1, "", "", "Debian:next"}), R"({"id":"X-3"})"},
        bytes);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(
      bytes.error().text,
      "3 records, none of which can be matched: a release of \"Debian\" that is not known (1), ecosystem \"CRAN\" is "
      "not matched (1), no affected package (1); give feeds of " +
          names_of_matched_ecosystems());
}

TEST_F(AdvisoryRecords, CountsWhatNoLongerCounts) {
  Result<std::string> bytes(Error{});
  const IndexBuilder builder =
      built({json({"CVE-1", kFixed1}), json({"CVE-1", kFixed2, "", "2026-02-01T00:00:00Z"})}, bytes);
  EXPECT_THAT(builder.statistics().front().skipped, ElementsAre(Pair("a later record of the same id", 1)));
  EXPECT_EQ(builder.statistics().front().indexed, 1u);
}

TEST_F(AdvisoryRecords, KnowTheNewestOfEachDistribution) {
  Result<std::string> bytes(Error{});
  built({json({"CVE-1", kFixed1, "", "2020-01-01T00:00:00Z"}),
         json({"CVE-3", kFixed1, "", "2021-01-01T00:00:00Z", "Debian:13"}),
         json({"CVE-2", kFixed1, "", "2026-03-01T00:00:00Z", "Alpine:v3.20"})},
        bytes);
  const auto index = AdvisoryIndex::over(*bytes);
  EXPECT_EQ(index->data_date(), "2026-03-01T00:00:00Z");
  EXPECT_EQ((*index->ecosystem("Debian:12"))->data_date, "2021-01-01T00:00:00Z");
  EXPECT_EQ((*index->ecosystem("Alpine:v3.20"))->data_date, "2026-03-01T00:00:00Z");
}

TEST_F(AdvisoryRecords, ARecordThatMultipliesMeetsALimit) {
  std::string upstream;
  for (int i = 0; i < 1001; ++i) upstream += (i == 0 ? "" : ",") + ("\"CVE-" + std::to_string(i)) + '"';
  std::string versions;
  for (int i = 0; i < 1000; ++i) versions += (i == 0 ? "\"" : ",\"") + std::to_string(i) + '"';
  Result<std::string> bytes(Error{});
  built({R"({"id":"DSA-1","upstream":[)" + upstream +
         R"(],"affected":[{"package":{"ecosystem":"Debian:12","name":"a"},"versions":[)" + versions + "]}]}"},
        bytes);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().text, "DSA-1: more than 1000000 statements");
}

}  // namespace
}  // namespace initscan
