#include "initscan/analyze/analyzer.h"
#include "initscan/model/package_limits.h"
#include "tests/unit/initscan/analyze/map_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

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
  return analyze_image(MapFiles(std::move(files)), all_analyzers());
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

TEST(AnalyzeImage, TwoFilesThatNameTwoReleases) {
  const auto gaps = [](std::map<std::string, std::string> files) {
    files["lib/apk/db/installed"] = "P:a\nV:1-r0\n\n";
    files["var/lib/dpkg/status"] = kStatus;
    return analyze(std::move(files)).coverage.incomplete;
  };
  const std::string alpine = "ID=alpine\nVERSION_ID=3.9.6\n";
  EXPECT_THAT(gaps({{"etc/os-release", alpine}, {"usr/lib/os-release", alpine}, {"etc/alpine-release", "3.9.5\n"}}),
              IsEmpty());
  EXPECT_THAT(gaps({{"etc/os-release", alpine}, {"usr/lib/os-release", "ID=alpine\nVERSION_ID=3.20.3\n"}}),
              ElementsAre("usr/lib/os-release: says \"alpine 3.20.3\", and etc/os-release says \"alpine 3.9.6\""));
  EXPECT_THAT(gaps({{"etc/os-release", alpine}, {"etc/alpine-release", "3.20.3\n"}}),
              ElementsAre("etc/os-release: says \"alpine 3.9.6\", and the image's own version file says 3.20.3"));
  EXPECT_THAT(gaps({{"etc/os-release", kDebian}, {"etc/debian_version", "12.5\n"}}), IsEmpty());
  EXPECT_THAT(gaps({{"etc/os-release", kDebian}, {"etc/debian_version", "trixie/sid\n"}}), IsEmpty());
  EXPECT_THAT(gaps({{"etc/os-release", kDebian}, {"etc/debian_version", "9.13\n"}}),
              ElementsAre("etc/os-release: says \"debian 12\", and the image's own version file says 9.13"));
}

TEST(AnalyzeImage, AReleaseLikeNoOtherIsNone) {
  const std::string longer(kMaxReleaseBytes + 1, '1');
  const Sbom sbom =
      analyze({{"etc/os-release", "ID=debian\nVERSION_ID=" + longer + "\n"}, {"var/lib/dpkg/status", kStatus}});
  EXPECT_EQ(sbom.os, OsRelease{});
  EXPECT_THAT(sbom.coverage.incomplete, ElementsAre("etc/os-release: its version is longer than 255 bytes"));
}

TEST(AnalyzeImage, PackagesTakenOutOfApksDatabaseAreNoticed) {
  const auto gaps = [](std::string world) {
    return analyze({{"lib/apk/db/installed", "P:musl\nV:1-r0\np:so:libc.musl.so.1=1 cmd:ldd=1-r0 libc\n\n"},
                    {"etc/apk/world", std::move(world)}})
        .coverage.incomplete;
  };
  EXPECT_THAT(gaps("musl\nmusl=1-r0 musl>0\nmusl@edge\nlibc\ncmd:ldd\n!openssl\n\n"), IsEmpty());
  EXPECT_THAT(gaps("musl\nopenssl\ncurl~8\n"),
              ElementsAre("etc/apk/world: names 2 packages that apk's database does not list, such as \"openssl\""));
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

TEST(AnalyzeImage, ReadsBothDatabasesOfApkAndOneFileOnce) {
  const std::string db = "P:a\nV:1-r0\n\n";
  const std::string other = "P:b\nV:2-r0\n\n";
  const Sbom sbom = analyze({{"lib/apk/db/installed", db}, {"usr/lib/apk/db/installed", db}});
  EXPECT_THAT(names(sbom), ElementsAre("a"));
  EXPECT_THAT(sbom.coverage.incomplete, IsEmpty());
  EXPECT_THAT(names(analyze({{"usr/lib/apk/db/installed", db}})), ElementsAre("a"));
  const Sbom both = analyze({{"lib/apk/db/installed", db}, {"usr/lib/apk/db/installed", other}});
  EXPECT_THAT(names(both), ElementsAre("a", "b"));
  EXPECT_EQ(both.packages[1].path, "usr/lib/apk/db/installed");
}

TEST(AnalyzeImage, ADatabaseThatNamesNoPackageIsDamaged) {
  for (const std::string path :
       {"var/lib/dpkg/status", "var/lib/dpkg/status.d/base", "lib/apk/db/installed", "usr/lib/apk/db/installed"}) {
    for (const std::string text : {"", "\n\n\n"}) {
      EXPECT_THAT(analyze({{path, text}}).coverage.incomplete, ElementsAre(path + ": exists but lists no package"));
    }
  }
  EXPECT_THAT(analyze({{"var/lib/dpkg/status.d/.", ""}}).coverage.incomplete,
              ElementsAre("var/lib/dpkg/status.d: exists but lists no package"));
}

TEST(AnalyzeImage, ADamagedSecondDatabaseOfApkIsSeen) {
  EXPECT_THAT(
      analyze({{"lib/apk/db/installed", "P:a\nV:1-r0\n\n"}, {"usr/lib/apk/db/installed", ""}}).coverage.incomplete,
      ElementsAre("usr/lib/apk/db/installed: exists but lists no package"));
}

TEST(AnalyzeImage, TwoDatabasesThatContradictEachOther) {
  const auto control = [](const std::string& version) { return "Package: a\nVersion: " + version + "\n"; };
  EXPECT_THAT(
      analyze({{"var/lib/dpkg/status", kStatus}, {"var/lib/dpkg/status.d/a", control("2")}}).coverage.incomplete,
      IsEmpty());
  EXPECT_THAT(
      analyze({{"var/lib/dpkg/status", kStatus}, {"var/lib/dpkg/status.d/a", control("1")}}).coverage.incomplete,
      ElementsAre("var/lib/dpkg/status.d/a: a is 1 here and 2 in var/lib/dpkg/status"));
}

TEST(AnalyzeImage, ChecksumsWithoutTheirPackageAreNoticed) {
  const Sbom sbom = analyze({{"var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12\n"},
                             {"var/lib/dpkg/status.d/base.md5sums", ""},
                             {"var/lib/dpkg/status.d/openssl.md5sums", ""}});
  EXPECT_THAT(sbom.coverage.incomplete,
              ElementsAre("var/lib/dpkg/status.d: has the checksums of \"openssl\" but not the package"));
}

TEST(AnalyzeImage, WhatARemovedDatabaseLeavesIsNoticed) {
  for (const std::string trace : {"lib/apk/db/triggers", "lib/apk/db/scripts.tar", "usr/lib/apk/db/scripts.tar.gz",
                                  "etc/apk/world", "etc/alpine-release", "sbin/apk"}) {
    EXPECT_THAT(analyze({{trace, "x"}}).coverage.incomplete,
                ElementsAre(trace + ": is left over from apk, whose package database is gone"));
  }
  for (const std::string trace : {"etc/debian_version", "usr/bin/dpkg", "var/lib/dpkg/status-old"}) {
    EXPECT_THAT(analyze({{trace, "x"}}).coverage.incomplete,
                ElementsAre(trace + ": is left over from dpkg, whose package database is gone"));
  }
}

TEST(AnalyzeImage, AnotherDatabaseExplainsAProgramAndNoTraceOfPackages) {
  EXPECT_THAT(analyze({{"var/lib/dpkg/status", kStatus}, {"sbin/apk", "x"}}).coverage.incomplete, IsEmpty());
  EXPECT_THAT(analyze({{"lib/apk/db/installed", "P:a\nV:1-r0\n\n"}, {"usr/bin/dpkg", "x"}}).coverage.incomplete,
              IsEmpty());
  EXPECT_THAT(analyze({{"var/lib/dpkg/status", kStatus}, {"lib/apk/db/triggers", "x"}}).coverage.incomplete,
              ElementsAre("lib/apk/db/triggers: is left over from apk, whose package database is gone"));
}

TEST(AnalyzeImage, ADistributionNeedsItsOwnDatabase) {
  EXPECT_THAT(analyze({{"etc/os-release", "ID=alpine\n"}, {"var/lib/dpkg/status", kStatus}}).coverage.incomplete,
              ElementsAre("os-release says alpine, but there is no package database of that distribution"));
}

TEST(AnalyzeImage, FileListsThatDpkgWroteAndThatAreGoneAreMissed) {
  const std::string sentence =
      "var/lib/dpkg/status: names 2 installed packages, and var/lib/dpkg/info has a list of files for none: the lists "
      "were removed, so nothing shows whether packages were removed from the database as well";
  for (const std::string trace : {"var/lib/dpkg/status-old", "var/lib/dpkg/available", "var/lib/dpkg/triggers/File",
                                  "var/lib/dpkg/info/format", "var/lib/dpkg/info/a.md5sums", "var/log/dpkg.log"}) {
    EXPECT_THAT(analyze({{"var/lib/dpkg/status", kStatus}, {trace, ""}}).coverage.incomplete, ElementsAre(sentence))
        << trace;
    EXPECT_THAT(
        analyze({{"var/lib/dpkg/status", kStatus}, {trace, ""}, {"var/lib/dpkg/info/a.list", ""}}).coverage.incomplete,
        IsEmpty())
        << trace;
  }
}

TEST(AnalyzeImage, AStatusThatAnImagesBuilderWroteNeedsNoFileLists) {
  // Of the packages, which were unpacked and never installed: dpkg's own among them, and its empty folder.
  EXPECT_THAT(analyze({{"var/lib/dpkg/status", kStatus}, {"usr/bin/dpkg", "x"}, {"var/lib/dpkg/info/.", ""}})
                  .coverage.incomplete,
              IsEmpty());
  EXPECT_THAT(analyze({{"var/lib/dpkg/status.d/a", "Package: a\nVersion: 1\n"}, {"var/lib/dpkg/available", ""}})
                  .coverage.incomplete,
              IsEmpty());
}

TEST(AnalyzeImage, NothingAtAllIsComplete) {
  Sbom nothing;
  nothing.coverage.is_stated = true;
  EXPECT_EQ(analyze({}), nothing);
}

TEST(AnalyzeImage, ADistributionWithoutItsDatabaseIsIncomplete) {
  EXPECT_THAT(analyze({{"etc/os-release", kDebian}}).coverage.incomplete,
              ElementsAre("os-release says debian, but there is no package database"));
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
              ElementsAre("var/lib/dpkg/status: does not know 1 package whose files var/lib/dpkg/info lists, such as "
                          "\"openssl\""));
}

// dpkg leaves the list of a removed package's configuration, and takes its checksums away.
TEST(AnalyzeImage, APackageIsNotRemovedWhoseChecksumsAreThere) {
  std::map<std::string, std::string> files{
      {"var/lib/dpkg/status", kStatus + "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n"},
      {"var/lib/dpkg/info/a.list", ""},
      {"var/lib/dpkg/info/a.md5sums", ""},
      {"var/lib/dpkg/info/gone.list", ""}};
  EXPECT_THAT(analyze(files).coverage.incomplete, IsEmpty());
  files["var/lib/dpkg/info/gone:amd64.md5sums"] = "";
  EXPECT_THAT(analyze(files).coverage.incomplete,
              ElementsAre("var/lib/dpkg/status: calls 1 package removed although their checksums are still in "
                          "var/lib/dpkg/info, such as \"gone\""));
}

TEST(AnalyzeImage, ADatabaseThatIsNotReadIsNotMatched) {
  const Sbom sbom = analyze({{"var/lib/pacman/local/a", "x"}});
  EXPECT_THAT(sbom.coverage.unmatched, ElementsAre("var/lib/pacman/local: a pacman database, which is not read yet"));
  EXPECT_THAT(sbom.coverage.incomplete, IsEmpty());
}

TEST(AnalyzeImage, WhatMayNotBeLookedAtIsNoDatabase) {
  EXPECT_THAT(analyze({{"var/db/pkg", "!cannot open: Permission denied"}}).coverage.unmatched, IsEmpty());
}

}  // namespace
}  // namespace initscan
