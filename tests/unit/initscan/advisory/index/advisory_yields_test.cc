// What holds where nothing else is said: the Debian tracker's lists, which say of unstable what holds in all releases
// without a line of their own.
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/index/index_builder.h"
#include "tests/unit/temporary_folder.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::Pair;

class AdvisoryYields : public testing::Test {
 protected:
  void put(const std::string& list, const std::string& text) {
    fs::create_directories(folder_.path() / list);
    std::ofstream(folder_.path() / list / "list") << text;
  }

  void add(std::string_view kind, const std::string& path) {
    for (const FeedFormat& format : feed_formats()) {
      if (format.kind != kind) continue;
      const auto added = builder_.add(format, path);
      EXPECT_TRUE(added) << added.error().text;
    }
  }

  // "CVE-1 <fixed" of each statement about a package; "CVE-1" of one without a fix.
  std::vector<std::string> rows(const char* ecosystem, const char* package) {
    if (bytes_.empty()) {
      add("debian-tracker", folder_.path().string());
      const auto built = builder_.build();
      EXPECT_TRUE(built) << built.error().text;
      bytes_ = *built;
    }
    const auto index = AdvisoryIndex::over(bytes_);
    std::vector<std::string> rows;
    EXPECT_TRUE(index->for_each(ecosystem, package, [&](const AffectedRow& row) {
      rows.push_back(index->details(row.vulnerability)->id + (row.fixed.empty() ? "" : " <" + std::string(row.fixed)) +
                     (row.status == AdvisoryStatus::not_affected ? " not affected" : ""));
    }));
    return rows;
  }

  TemporaryFolder folder_;
  IndexBuilder builder_;
  std::string bytes_;
};

TEST_F(AdvisoryYields, ToAReleasesOwnLine) {
  put("CVE", "CVE-1 (x)\n\t- a 3-1\n\t[bookworm] - a 2-1+deb12u1\n\t[bullseye] - a <not-affected>\n");
  EXPECT_THAT(rows("Debian:12", "a"), ElementsAre("CVE-1 <2-1+deb12u1"));
  EXPECT_THAT(rows("Debian:11", "a"), ElementsAre("CVE-1 not affected"));
  EXPECT_THAT(rows("Debian:13", "a"), ElementsAre("CVE-1 <3-1"));
}

TEST_F(AdvisoryYields, ToAnAnnouncement) {
  put("CVE", "CVE-1 (x)\n\t{DSA-1-1 DLA-1-1}\n\t- a 3-1\n\t- b <not-affected>\n");
  put("DSA", "[1 Jan 2026] DSA-1-1 a - security update\n\t{CVE-1}\n\t[bookworm] - a 2-1+deb12u1\n");
  put("DLA", "[1 Jan 2026] DLA-1-1 a - security update\n\t{CVE-1}\n\t[bullseye] - a 1-1+deb11u1\n");
  EXPECT_THAT(rows("Debian:12", "a"), ElementsAre("CVE-1 <2-1+deb12u1"));
  EXPECT_THAT(rows("Debian:11", "a"), ElementsAre("CVE-1 <1-1+deb11u1"));
  EXPECT_THAT(rows("Debian:13", "a"), ElementsAre("CVE-1 <3-1"));
  EXPECT_THAT(rows("Debian:12", "b"), ElementsAre("CVE-1 not affected")) << "of another package nothing else is said";
}

TEST_F(AdvisoryYields, OnlyToTheSameVulnerability) {
  put("CVE", "CVE-1 (x)\n\t- a 3-1\nCVE-2 (y)\n\t[bookworm] - a 2-1\n");
  EXPECT_THAT(rows("Debian:12", "a"), ElementsAre("CVE-1 <3-1", "CVE-2 <2-1"));
}

TEST_F(AdvisoryYields, OnlyWithinItsFeed) {
  const fs::path osv = folder_.path() / "osv.json";
  std::ofstream(osv)
      << R"({"id":"CVE-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"Debian:12",
      "name":"a"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2-1"}]}]}]})";
  add("osv", osv.string());
  put("CVE", "CVE-1 (x)\n\t- a 3-1\n");
  EXPECT_THAT(rows("Debian:12", "a"), ElementsAre("CVE-1 <2-1", "CVE-1 <3-1"));
}

TEST_F(AdvisoryYields, AndIsCountedWhereNothingIsLeftOfIt) {
  std::string announcement = "[1 Jan 2026] DSA-1-1 a - security update\n\t{CVE-1}\n";
  for (const DistributionRelease& release : find_distribution("debian")->releases) {
    announcement += "\t[" + std::string(release.codename) + "] - a 2-1\n";
  }
  put("CVE", "CVE-1 (x)\n\t- a 3-1\nCVE-2 (y)\n\tRESERVED\n");
  put("DSA", announcement);
  EXPECT_THAT(rows("Debian:12", "a"), ElementsAre("CVE-1 <2-1"));
  const FeedStatistics& feed = builder_.statistics().back();
  EXPECT_EQ(feed.records, 3u);
  EXPECT_EQ(feed.indexed, 1u);
  EXPECT_THAT(feed.skipped, ElementsAre(Pair("a number that is reserved", 1u),
                                        Pair("only of releases for which something else is said", 1u)));
}

}  // namespace
}  // namespace initscan
