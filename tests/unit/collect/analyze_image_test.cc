#include "initscan/analyze/analyzer.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// An image whose files are in a map; a value that starts with "!" is the error of reading it.
class MapFiles : public ImageFiles {
 public:
  explicit MapFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  Result<std::optional<std::string>> read(const std::string& path, std::size_t) const override {
    const auto file = files_.find(path);
    if (file == files_.end()) return std::optional<std::string>();
    if (file->second.starts_with('!')) return Error{Errc::io, file->second.substr(1)};
    return std::optional(file->second);
  }

  Result<std::optional<std::vector<std::string>>> list(const std::string& path, std::size_t) const override {
    std::vector<std::string> names;
    for (const auto& [name, content] : files_) {
      if (name.starts_with(path + '/')) names.push_back(name.substr(path.size() + 1));
    }
    if (names.empty()) return std::optional<std::vector<std::string>>();
    return std::optional(names);
  }

 private:
  std::map<std::string, std::string> files_;
};

const std::string kDebian = "ID=debian\nVERSION_ID=12\n";
const std::string kStatus =
    "Package: b\nStatus: install ok installed\nVersion: 1\n\n"
    "Package: a\nStatus: install ok installed\nVersion: 2\n\n";

std::vector<std::string> names(const Sbom& sbom) {
  std::vector<std::string> all;
  for (const Package& package : sbom.packages) all.push_back(package.name);
  return all;
}

Sbom analyze(std::map<std::string, std::string> files) {
  return analyze_image(MapFiles(std::move(files)));
}

TEST(AnalyzeImage, SortsThePackages) {
  const Sbom sbom = analyze({{"etc/os-release", kDebian}, {"var/lib/dpkg/status", kStatus}});
  EXPECT_THAT(names(sbom), ElementsAre("a", "b"));
  EXPECT_THAT(sbom.coverage.incomplete, IsEmpty());
  EXPECT_EQ(sbom.os.id, "debian");
}

TEST(AnalyzeImage, ReadsTheSecondOsRelease) {
  EXPECT_EQ(analyze({{"usr/lib/os-release", "ID=x\n"}}).os.id, "x");
  EXPECT_EQ(analyze({{"etc/os-release", "ID=y\n"}, {"usr/lib/os-release", "ID=x\n"}}).os.id, "y");
}

TEST(AnalyzeImage, ReadsDistroless) {
  const Sbom sbom = analyze({{"etc/os-release", kDebian},
                             {"var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12\n"},
                             {"var/lib/dpkg/status.d/base.md5sums", "0 etc/x\n"},
                             {"var/lib/dpkg/status.d/tz", "Package: tzdata\nVersion: 2024a\n"}});
  EXPECT_THAT(names(sbom), ElementsAre("base-files", "tzdata"));
  EXPECT_EQ(sbom.packages[0].path, "var/lib/dpkg/status.d/base");
  EXPECT_THAT(sbom.coverage.incomplete, IsEmpty());
}

TEST(AnalyzeImage, ReadsApkOnce) {
  const std::string db = "P:a\nV:1-r0\n\n";
  const Sbom sbom = analyze({{"lib/apk/db/installed", db}, {"usr/lib/apk/db/installed", db}});
  EXPECT_THAT(names(sbom), ElementsAre("a"));
  EXPECT_THAT(names(analyze({{"usr/lib/apk/db/installed", db}})), ElementsAre("a"));
}

TEST(AnalyzeImage, NothingAtAllIsComplete) {
  EXPECT_EQ(analyze({}), Sbom{});
}

TEST(AnalyzeImage, ADistributionWithoutItsDatabaseIsIncomplete) {
  EXPECT_THAT(analyze({{"etc/os-release", kDebian}}).coverage.incomplete,
              ElementsAre("os-release says debian, and there is no package database"));
}

TEST(AnalyzeImage, ADamagedDatabaseKeepsItsSoundPart) {
  const Sbom sbom = analyze({{"etc/os-release", kDebian}, {"var/lib/dpkg/status", kStatus + "rubbish\n"}});
  EXPECT_THAT(names(sbom), ElementsAre("a", "b"));
  EXPECT_THAT(sbom.coverage.incomplete, ElementsAre("var/lib/dpkg/status: 9: a field without a colon"));
}

TEST(AnalyzeImage, AnUnreadableDatabaseIsIncomplete) {
  EXPECT_THAT(analyze({{"etc/os-release", kDebian}, {"var/lib/dpkg/status", "!cannot open: Permission denied"}})
                  .coverage.incomplete,
              ElementsAre("var/lib/dpkg/status: cannot open: Permission denied"));
  EXPECT_THAT(analyze({{"lib/apk/db/installed", "!cannot open: no"}}).coverage.incomplete,
              ElementsAre("lib/apk/db/installed: cannot open: no"));
  EXPECT_THAT(analyze({{"etc/os-release", "!is not a regular file"}}).coverage.incomplete,
              ElementsAre("etc/os-release: is not a regular file"));
}

TEST(AnalyzeImage, PackagesTakenOutOfTheDatabaseAreNoticed) {
  const Sbom sbom = analyze({{"var/lib/dpkg/status", kStatus},
                             {"var/lib/dpkg/info/a.list", ""},
                             {"var/lib/dpkg/info/b:amd64.list", ""},
                             {"var/lib/dpkg/info/b:amd64.md5sums", ""},
                             {"var/lib/dpkg/info/openssl.list", ""}});
  EXPECT_THAT(sbom.coverage.incomplete,
              ElementsAre("var/lib/dpkg/status: does not know 1 packages whose files var/lib/dpkg/info lists, such as "
                          "\"openssl\""));
}

TEST(AnalyzeImage, ADatabaseThatIsNotReadIsIncomplete) {
  EXPECT_THAT(analyze({{"var/lib/rpm/rpmdb.sqlite", "x"}}).coverage.incomplete,
              ElementsAre("var/lib/rpm: an rpm database, which is not read yet"));
}

}  // namespace
}  // namespace initscan
