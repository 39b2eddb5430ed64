#include "common/file_io.h"
#include "common/text/join.h"
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/index/index_builder.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace initscan {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::Pair;

class AdvisoryIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "index_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string affected(const std::string& package, const std::string& fixed, const std::string& ecosystem) {
    return R"({"package":{"ecosystem":")" + ecosystem + R"(","name":")" + package +
           R"("},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":")" + fixed + R"("}]}]})";
  }
  void osv(const std::string& id, const std::string& affected, const std::string& more = "") {
    std::ofstream(folder_ / (id + ".json")) << R"({"id":")" + id + R"(","modified":"2026-01-02T03:04:05.678Z",)" +
                                                   more + R"("affected":[)" + affected + "]}";
  }

  // After build(), whatever that came to.
  IndexBuilder builder() const {
    IndexBuilder made;
    const auto added = made.add(feed_formats().front(), folder_.string());
    EXPECT_TRUE(added) << added.error().text;
    (void)made.build();
    return made;
  }
  Result<std::string> try_to_build() const {
    IndexBuilder made;
    const auto added = made.add(feed_formats().front(), folder_.string());
    EXPECT_TRUE(added) << added.error().text;
    return made.build();
  }
  std::string build() const {
    auto built = try_to_build();
    EXPECT_TRUE(built) << built.error().text;
    return built ? *built : "";
  }

  fs::path folder_;
};

// Every statement of the packages that the tests use; the error where reading ends with one.
std::string dump(const AdvisoryIndex& index) {
  std::string text = index.data_date() + '\n';
  std::string error;
  for (const char* ecosystem : {"Debian:12", "Alpine:v3.20", "Debian:13"}) {
    const auto known = index.ecosystem(ecosystem);
    if (!known) return known.error().text;
    text += std::string(ecosystem) + (*known ? " yes\n" : " no\n");
    for (const char* package : {"openssl", "zlib", "none"}) {
      const auto visited = index.for_each(ecosystem, package, [&](const AffectedRow& row) {
        const auto details = index.details(row.vulnerability);
        if (!details && error.empty()) error = details.error().text;
        if (!details) return;
        text += std::string(package) + ' ' + details->id + " [" + join(details->aliases, " ") + "] " +
                std::string(row.introduced) + ".." + std::string(row.fixed) + ' ' +
                std::string(to_string(row.severity)) + ' ' + details->summary + '\n';
      });
      if (!visited) return visited.error().text;
      if (!error.empty()) return error;
    }
  }
  return text;
}

TEST_F(AdvisoryIndexTest, FindsWhatWasBuilt) {
  osv("CVE-1", affected("zlib", "1:1.3-2", "Debian:12") + ',' + affected("zlib", "1.3.1-r0", "Alpine:v3.20"),
      R"("summary":"bad","aliases":["GHSA-1"],)");
  osv("CVE-2", affected("zlib", "2", "Debian:12"), R"("database_specific":{"severity":"HIGH"},)");
  const std::string bytes = build();
  const auto index = AdvisoryIndex::over(bytes);
  ASSERT_TRUE(index) << index.error().text;
  EXPECT_EQ(dump(*index),
            "2026-01-02T03:04:05Z\nDebian:12 yes\n"
            "zlib CVE-1 [GHSA-1] ..1:1.3-2 unknown bad\n"
            "zlib CVE-2 [] ..2 high \n"
            "Alpine:v3.20 yes\n"
            "zlib CVE-1 [GHSA-1] ..1.3.1-r0 unknown bad\n"
            "Debian:13 no\n");
  EXPECT_EQ(index->rows(), 3u);
  EXPECT_EQ(index->vulnerabilities(), 2u);
  EXPECT_TRUE(index->verify());
}

TEST_F(AdvisoryIndexTest, KnowsAVulnerabilityByAnyOfItsNames) {
  osv("CVE-2026-1", affected("zlib", "2", "Debian:12"), R"("aliases":["GHSA-aaaa-1","GHSA-aaaa-2"],)");
  const std::string bytes = build();
  const auto index = AdvisoryIndex::over(bytes);
  ASSERT_TRUE(index) << index.error().text;
  const auto knows = [&](std::string_view name) {
    const auto known = index->find_vulnerabilities(name);
    return known && *known == std::vector<std::uint32_t>{0};
  };
  for (const char* name : {"CVE-2026-1", "cve-2026-1", "GHSA-aaaa-1", "ghsa-AAAA-2"}) EXPECT_TRUE(knows(name)) << name;
  for (const char* name : {"", " ", "CVE-2026-", "CVE-2026-10", "GHSA-aaaa-1 GHSA-aaaa-2", "zlib"}) {
    EXPECT_FALSE(knows(name)) << name;
  }
}

TEST_F(AdvisoryIndexTest, TheDistributionsOwnSeverityGoesFirst) {
  osv("CVE-1",
      R"({"package":{"ecosystem":"Debian:12","name":"zlib"},"ecosystem_specific":{"urgency":"low"},"versions":["1"]},)" +
          affected("openssl", "2", "Debian:12"),
      R"("severity":[{"score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],)");
  const std::string bytes = build();
  const std::string text = dump(*AdvisoryIndex::over(bytes));
  EXPECT_NE(text.find("zlib CVE-1 [] 1.. low"), text.npos) << text;
  EXPECT_NE(text.find("openssl CVE-1 [] ..2 critical"), text.npos) << text;
}

TEST_F(AdvisoryIndexTest, TheDistributionsOwnSeverityHoldsForOtherFeeds) {
  osv("CVE-1", affected("zlib", "2", "Debian:12").insert(1, R"("ecosystem_specific":{"urgency":"low"},)"),
      R"("severity":[{"score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],)");
  osv("DSA-1", affected("zlib", "1", "Debian:12"), R"("upstream":["CVE-1"],)");
  const std::string bytes = build();
  const std::string text = dump(*AdvisoryIndex::over(bytes));
  EXPECT_NE(text.find("zlib CVE-1 [DSA-1] ..1 low"), text.npos) << text;
  EXPECT_NE(text.find("zlib CVE-1 [DSA-1] ..2 low"), text.npos) << text;
}

TEST_F(AdvisoryIndexTest, ReasonsRepeatNothingThatATerminalObeys) {
  osv("CVE-1", affected("zlib", "1", "\\u001b[2J:1"));
  osv("CVE-2", affected("", "1", "Debian:12"));
  EXPECT_THAT(builder().statistics().front().skipped,
              ElementsAre(Pair("an ecosystem without a proper name", 1), Pair("no name of a package", 1)));
}

TEST_F(AdvisoryIndexTest, CountsReasonsWithoutNumberTogether) {
  for (int i = 0; i < 150; ++i) osv("CVE-" + std::to_string(i), affected("a", "1", "e" + std::to_string(i) + ":1"));
  const IndexBuilder made = builder();
  const auto& skipped = made.statistics().front().skipped;
  EXPECT_EQ(skipped.size(), 101u);
  EXPECT_EQ(skipped.at("other reasons"), 50u);
}

TEST_F(AdvisoryIndexTest, CountsEveryRecord) {
  osv("CVE-1", affected("zlib", "1", "Debian:12"));
  osv("CVE-2", affected("", "1", "Debian:12"));
  osv("CVE-3", affected("zoo", "1", "CRAN"));
  osv("CVE-4", "");
  osv("CVE-5", affected("zlib", "1", "Debian:12") + ',' + affected("zlib", "1 2", "Debian:13"));
  std::ofstream(folder_ / "CVE-6.json") << R"({"id":"CVE-6","withdrawn":"2026-01-01T00:00:00Z"})";
  const IndexBuilder made = builder();
  const FeedStatistics& feed = made.statistics().front();
  EXPECT_EQ(feed.records, 6u);
  EXPECT_EQ(feed.indexed, 2u);
  EXPECT_EQ(feed.statements, 3u);
  EXPECT_THAT(feed.skipped, ElementsAre(Pair("ecosystem \"CRAN\" is not matched", 1), Pair("no affected package", 1),
                                        Pair("no name of a package", 1), Pair("withdrawn", 1)));
  EXPECT_THAT(feed.skipped_statements, ElementsAre(Pair("ecosystem \"CRAN\" is not matched", 1),
                                                   Pair("no name of a package", 1), Pair("withdrawn", 1)));
  EXPECT_THAT(feed.doubtful_statements, ElementsAre(Pair("a version that cannot be parsed", 1)));
}

TEST_F(AdvisoryIndexTest, AFeedWithoutRecordsIsAnError) {
  IndexBuilder made;
  const auto added = made.add(feed_formats().front(), folder_.string());
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().text, folder_.string() + ": no record of kind osv in it; want *.json, *.yaml or *.yml");
}

TEST_F(AdvisoryIndexTest, CountsTheFilesThatAMacAdds) {
  osv("CVE-1", affected("zlib", "1", "Debian:12"));
  std::filesystem::create_directory(folder_ / "__MACOSX");
  std::ofstream(folder_ / "__MACOSX" / "._CVE-1.json") << std::string("\0\5\x16\7", 4);
  std::ofstream(folder_ / "._list") << "is no file of the feed either way";
  const IndexBuilder made = builder();
  EXPECT_EQ(made.statistics().front().records, 1u);
  EXPECT_THAT(made.statistics().front().skipped_files,
              ElementsAre(Pair("added by macOS to an archive, with a name in ._", 1)));
}

TEST_F(AdvisoryIndexTest, AByteOrderMarkIsNoPartOfARecord) {
  std::ofstream(folder_ / "a.json") << "\xef\xbb\xbf"
                                    << R"({"id":"CVE-1","affected":[)" << affected("zlib", "1", "Debian:12") << "]}";
  EXPECT_EQ(builder().statistics().front().indexed, 1u);
}

TEST_F(AdvisoryIndexTest, ADamagedFeedIsAnErrorWithItsFile) {
  std::ofstream(folder_ / "a.json") << "{}";
  IndexBuilder made;
  EXPECT_EQ(made.add(feed_formats().front(), folder_.string()).error().text,
            folder_.string() + ": a.json: an OSV document without id");
}

TEST_F(AdvisoryIndexTest, EveryFlippedByteIsNoticedOrChangesNothing) {
  osv("CVE-1", affected("zlib", "1:1.3-2", "Debian:12"), R"("summary":"bad",)");
  osv("CVE-2", affected("openssl", "3.0.1", "Debian:12"));
  std::string bytes = build();
  const std::string want = dump(*AdvisoryIndex::over(bytes));
  std::size_t noticed = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char whole = bytes[i];
    for (const int flip : {0x01, 0x80, 0xff}) {
      bytes[i] = static_cast<char>(whole ^ flip);
      const auto index = AdvisoryIndex::over(bytes);
      const std::string got = index ? dump(*index) : index.error().text;
      const bool error = got.starts_with("damaged: ") || got.starts_with("not an advisory index") ||
                         got.starts_with("an index of format");
      noticed += error;
      ASSERT_TRUE(error || got == want) << "byte " << i << ": " << got;
    }
    bytes[i] = whole;
  }
  EXPECT_GT(noticed, bytes.size() / 2);
}

TEST_F(AdvisoryIndexTest, OfAnotherFormatIsSaidToBe) {
  osv("CVE-1", affected("zlib", "1", "Debian:12"));
  std::string bytes = build();
  bytes[offsetof(IndexHeader, version)] = 2;
  EXPECT_EQ(AdvisoryIndex::over(bytes).error().text,
            "an index of format 2, but this program reads format 4; build it again with this version of initscan");
}

TEST_F(AdvisoryIndexTest, EveryTruncationIsNoticed) {
  osv("CVE-1", affected("zlib", "1", "Debian:12"));
  const std::string bytes = build();
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(AdvisoryIndex::over(bytes.substr(0, n))) << n;
}

// A mapping of the file would end in SIGBUS.
TEST_F(AdvisoryIndexTest, AFileThatIsCutOffAfterItWasOpenedIsAnError) {
  osv("CVE-1", affected("zlib", "1:1.3-2", "Debian:12"));
  const std::string bytes = build();
  const std::string path = (folder_ / "index").string();
  for (const std::size_t size : {std::size_t{0}, kBlockBytes, kBlockBytes + 1, bytes.size() - 1}) {
    ASSERT_TRUE(write_file(path, bytes));
    const auto index = AdvisoryIndex::open(path);
    ASSERT_TRUE(index) << index.error().text;
    ASSERT_EQ(truncate(path.c_str(), static_cast<off_t>(size)), 0);
    const std::string got = dump(*index);
    const bool whole = got == dump(*AdvisoryIndex::over(bytes));
    EXPECT_TRUE(whole || got == "damaged: it ends too early; build or fetch the index again") << size << ": " << got;
    EXPECT_TRUE(size > 2 * kBlockBytes || !whole) << size;
  }
}

void write_over(const std::string& path, const std::string& bytes) {
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).write(bytes.data(), std::ssize(bytes));
}

TEST_F(AdvisoryIndexTest, AFileThatIsWrittenOverGivesTheOldFindingsOrAnError) {
  osv("CVE-1", affected("zlib", "1:1.3-2", "Debian:12"));
  const std::string first = build();
  fs::remove(folder_ / "CVE-1.json");
  osv("CVE-2", affected("openssl", "1", "Debian:12"));
  const std::string second = build();
  const std::string path = (folder_ / "index").string();

  ASSERT_TRUE(write_file(path, first));
  const auto unread = AdvisoryIndex::open(path);
  const auto read = AdvisoryIndex::open(path);
  ASSERT_TRUE(unread && read);
  const std::string want = dump(*read);
  write_over(path, second);
  EXPECT_EQ(dump(*unread), "damaged: block 1; build or fetch the index again");
  EXPECT_EQ(dump(*read), want) << "what was read and checked is kept";
  write_over(path, std::string(first.size(), '\0'));
  EXPECT_EQ(dump(*read), want);
}

TEST_F(AdvisoryIndexTest, SaysWhatItCannotOpen) {
  EXPECT_EQ(AdvisoryIndex::open("/no/index").error().text, "/no/index: cannot open: No such file or directory");
  ASSERT_TRUE(write_file((folder_ / "x").string(), std::string(10'000, 'x')));
  EXPECT_EQ(AdvisoryIndex::open((folder_ / "x").string()).error().text,
            (folder_ / "x").string() + ": not an advisory index; make one with initscan db build");
  EXPECT_EQ(AdvisoryIndex::open(folder_.string()).error().text,
            folder_.string() + ": not an advisory index; make one with initscan db build");
}

}  // namespace
}  // namespace initscan
