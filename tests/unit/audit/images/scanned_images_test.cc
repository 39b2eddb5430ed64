#include "audit/images/scanned_images.h"

#include "audit/images/sbom_folder.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/index/index_builder.h"
#include "tests/unit/temporary_folder.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

namespace initscan::audit {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

// Three flaws of zlib: an old one, a new one, and one without a date where `undated` says so.
class ScannedImagesTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "osv");
    fs::create_directories(folder_ / "sboms");
    flaw("CVE-2025-0001", "2025-01-01T00:00:00Z", "low");
    flaw("CVE-2026-0002", "2026-06-01T00:00:00Z", "medium");
    flaw("CVE-2026-0003", "2026-07-01T00:00:00Z", "high");
  }

  void flaw(const std::string& id, const std::string& published, const std::string& severity) {
    const std::string date = published.empty() ? "" : R"("published":")" + published + "\",";
    std::ofstream(folder_ / "osv" / (id + ".json"))
        << R"({"id":")" + id + R"(","modified":"2026-08-01T00:00:00Z",)" + date +
               R"("affected":[{"package":{"ecosystem":"Debian:12","name":"zlib"},"ecosystem_specific":{"urgency":")" +
               severity + R"("},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}]}]})";
  }

  void sbom(const std::string& name, const std::string& version = "12") {
    std::ofstream(folder_ / "sboms" / name)
        << R"({"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[
          {"type":"operating-system","name":"debian","version":")" +
               version + R"("},{"type":"library","name":"zlib1g","version":"1:1.2.13",
           "purl":"pkg:deb/debian/zlib1g@1%3A1.2.13?arch=amd64&distro=debian-)" +
               version + R"(&upstream=zlib"}]})";
  }

  ScannedImages open() {
    IndexBuilder builder;
    EXPECT_TRUE(builder.add(feed_formats().front(), (folder_ / "osv").string()));
    const std::string path = (folder_ / "advisories.db").string();
    std::ofstream(path, std::ios::binary) << *builder.build();
    auto index = AdvisoryIndex::open(path);
    EXPECT_TRUE(index) << index.error().text;
    auto sboms = SbomFolder::open((folder_ / "sboms").string());
    EXPECT_TRUE(sboms) << sboms.error().text;
    return ScannedImages(std::move(*index), std::move(*sboms));
  }

  static Time at(std::string_view time) { return *parse_rfc3339(time); }

  const TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
};

const std::string kHex(64, 'a');
const std::string kDigest = "sha256:" + kHex;

TEST_F(ScannedImagesTest, TellsWhatIsNewerThanThePod) {
  for (const std::string& name : {"sha256-" + kHex + ".json", "sha256:" + std::string(64, 'b') + ".json"}) sbom(name);
  const ScannedImages history = open();
  for (const std::string& digest : {kDigest, "sha256:" + std::string(64, 'b')}) {
    const auto found = history.vulnerabilities(digest, at("2026-05-01T00:00:00Z"));
    ASSERT_TRUE(found) << found.why_not;
    EXPECT_EQ(found->total, 3u);
    EXPECT_EQ(found->newer, 2u);
    EXPECT_EQ(found->worst_newer, Severity::high);
    EXPECT_THAT(found->newer_ids, ElementsAre("CVE-2026-0003", "CVE-2026-0002"));
    EXPECT_TRUE(*history.was_scanned(digest));
  }
  const auto none = history.vulnerabilities(kDigest, at("2026-07-01T00:00:00Z"));
  ASSERT_TRUE(none) << none.why_not;
  EXPECT_EQ(none->newer, 0u);
}

TEST_F(ScannedImagesTest, WithoutADateNobodyKnowsWhetherItIsNewer) {
  flaw("CVE-2026-0004", "", "critical");
  sbom("sha256-" + kHex + ".json");
  const ScannedImages history = open();
  EXPECT_EQ(history.vulnerabilities(kDigest, at("2026-08-01T00:00:00Z")).why_not,
            "1 of 4 vulnerabilities have no publication date");
  const auto newer = history.vulnerabilities(kDigest, at("2026-06-15T00:00:00Z"));
  ASSERT_TRUE(newer) << newer.why_not;
  EXPECT_EQ(newer->newer, 1u);
}

TEST_F(ScannedImagesTest, SaysWhyItDoesNotKnow) {
  sbom("sha256-" + kHex + ".json", "99");
  std::ofstream(folder_ / "sboms" / ("sha256-" + std::string(64, 'c') + ".json")) << "{";
  const ScannedImages history = open();
  const auto why = [&](const std::string& digest) { return history.vulnerabilities(digest, Time{}).why_not; };
  EXPECT_EQ(why(kDigest), "no advisories for \"Debian:99\" in the index (1 package not checked)");
  const std::string folder = (folder_ / "sboms").string();
  const std::string absent = "sha256:" + std::string(64, 'd');
  EXPECT_EQ(why(absent), "no SBOM of " + absent + " in " + folder);
  EXPECT_EQ(why(absent), "no SBOM of " + absent + " in " + folder);  // and again, from what is kept
  const std::string broken = folder + "/sha256-" + std::string(64, 'c') + ".json: not JSON";
  EXPECT_EQ(why("sha256:" + std::string(64, 'c')).substr(0, broken.size()), broken);
  EXPECT_FALSE(*history.was_scanned(absent));
  EXPECT_EQ(history.was_scanned("sha256:" + std::string(64, 'c')).why_not.substr(0, broken.size()), broken);
}

TEST_F(ScannedImagesTest, AnSbomThatShowsNothingIsNotClean) {
  const auto write = [&](char digit, const std::string& components) {
    std::ofstream(folder_ / "sboms" / ("sha256-" + std::string(64, digit) + ".json"))
        << R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[)" << components << "]}";
  };
  write('a', "");
  write('b', R"({"type":"operating-system","name":"debian","version":"12"})");
  write('c', R"({"type":"library","name":"x","version":"1","purl":"pkg:cran/x@1"})");
  const ScannedImages history = open();
  const auto why = [&](char digit) {
    return history.vulnerabilities("sha256:" + std::string(64, digit), Time{}).why_not;
  };
  EXPECT_EQ(why('a'), "no package was found: there was nothing to check (onNothingFound)");
  EXPECT_EQ(why('b'), "no package was found: there was nothing to check (onNothingFound)");
  EXPECT_EQ(why('c'), "1 component of types that are not matched: cran 1");
}

TEST_F(ScannedImagesTest, NoDigestBecomesAPath) {
  const ScannedImages history = open();
  for (const std::string& digest : {std::string(), std::string("sha256:../../etc/passwd"), "sha256:" + kHex + "a",
                                    "sha512:" + kHex, "sha256:" + std::string(64, 'A')}) {
    EXPECT_FALSE(history.vulnerabilities(digest, Time{}));
    EXPECT_FALSE(history.was_scanned(digest));
  }
  EXPECT_EQ(history.was_scanned("sha256:../x").why_not, "\"sha256:../x\" is not a sha256 digest");
  EXPECT_EQ(history.was_scanned("").why_not, "the image's digest is not known");
}

TEST_F(ScannedImagesTest, NamesAFolderThatCannotBeRead) {
  const auto sboms = SbomFolder::open((folder_ / "none").string());
  ASSERT_FALSE(sboms);
  EXPECT_EQ(sboms.error().text, (folder_ / "none").string() + ": cannot read: No such file or directory");
}

// A source that fails, and counts how often it is asked.
class Broken : public SbomSource {
 public:
  explicit Broken(int& asked) : asked_(asked) {}

  Result<std::optional<Document>> sbom(std::string_view) override {
    ++asked_;
    return Error{Errc::unavailable, "nobody answers"};
  }
  std::string where() const override { return "anywhere"; }
  std::string trouble() const override { return "trouble"; }

 private:
  int& asked_;
};

TEST_F(ScannedImagesTest, ASourceThatFailsIsNotAnAbsentSbom) {
  (void)open();
  auto index = AdvisoryIndex::open((folder_ / "advisories.db").string());
  ASSERT_TRUE(index) << index.error().text;
  int asked = 0;
  const ScannedImages history(std::move(*index), std::make_unique<Broken>(asked));
  EXPECT_EQ(history.was_scanned(kDigest).why_not, "nobody answers");
  EXPECT_EQ(history.vulnerabilities(kDigest, Time{}).why_not, "nobody answers");
  EXPECT_EQ(history.trouble(), "trouble");
  EXPECT_EQ(asked, 1) << "what is known of an image is kept";
}

}  // namespace
}  // namespace initscan::audit
