#include "initscan/analyze/analyzer.h"
#include "tests/unit/initscan/analyze/rpm_fixtures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kAlma = "ID=almalinux\nVERSION_ID=9.3\n";
const std::string kNdb = "usr/lib/sysimage/rpm/Packages.db";
const std::string kOther = "var/lib/rpm/Packages.db";

Sbom analyze(std::map<std::string, std::string> files) {
  files.emplace("etc/os-release", kAlma);
  return analyze_image(MapFiles(std::move(files)), all_analyzers());
}

std::vector<std::string> gaps(std::map<std::string, std::string> files) {
  return analyze(std::move(files)).coverage.incomplete;
}

std::vector<std::string> names(const Sbom& sbom) {
  std::vector<std::string> all;
  for (const Package& package : sbom.packages) all.push_back(package.name);
  return all;
}

const std::string kDatabase = made_ndb({made_package("bash"), made_package("gpg-pubkey"), made_package("zlib")});

TEST(RpmAnalyzer, ReadsTheDatabaseWhereverItIs) {
  for (const std::string folder : {"usr/lib/sysimage/rpm/", "usr/share/rpm/", "var/lib/rpm/"}) {
    const Sbom sbom = analyze({{folder + "Packages.db", kDatabase}, {folder + ".rpm.lock", ""}});
    EXPECT_THAT(names(sbom), ElementsAre("bash", "zlib"));
    EXPECT_EQ(sbom.packages[0],
              (Package{PackageType::rpm, "bash", "1-2.el9", "x86_64", "bash", "1-2.el9", folder + "Packages.db"}));
    EXPECT_THAT(sbom.coverage.incomplete, IsEmpty());
    EXPECT_THAT(sbom.coverage.unmatched, IsEmpty());
  }
}

// As where the one folder is a link to the other.
TEST(RpmAnalyzer, OneDatabaseBehindTwoPathsIsOne) {
  const Sbom sbom = analyze({{kNdb, kDatabase}, {kOther, kDatabase}});
  EXPECT_THAT(names(sbom), ElementsAre("bash", "zlib"));
  EXPECT_EQ(sbom.packages[0].path, kNdb);
  EXPECT_THAT(sbom.coverage.incomplete, IsEmpty());
}

TEST(RpmAnalyzer, TwoDatabasesThatContradictEachOther) {
  const std::string more = made_ndb({made_package("bash"), made_package("curl"), made_package("zlib")});
  EXPECT_THAT(gaps({{kNdb, kDatabase}, {kOther, more}}),
              ElementsAre(kOther + ": lists curl 1-2.el9, and " + kNdb + " does not"));
  EXPECT_THAT(gaps({{kNdb, more}, {kOther, kDatabase}}),
              ElementsAre(kNdb + ": lists curl 1-2.el9, and " + kOther + " does not"));
  const std::string newer = made_ndb({made_package("bash", "3"), made_package("zlib")});
  const Sbom sbom = analyze({{kNdb, kDatabase}, {kOther, newer}});
  EXPECT_THAT(names(sbom), ElementsAre("bash", "bash", "zlib")) << "which of them is right cannot be known";
  EXPECT_THAT(sbom.coverage.incomplete, ElementsAre(kOther + ": lists bash 3-2.el9, and " + kNdb + " does not"));
}

TEST(RpmAnalyzer, ADatabaseWithoutPackagesIsDamaged) {
  const std::vector<std::string> want{kNdb + ": exists but lists no package"};
  EXPECT_EQ(gaps({{kNdb, made_ndb({})}}), want);
  EXPECT_EQ(gaps({{kNdb, made_ndb({made_package("gpg-pubkey")})}}), want);
}

TEST(RpmAnalyzer, DamageKeepsTheSoundPart) {
  const Sbom sbom = analyze({{kNdb, kDatabase.substr(0, kDatabase.size() - 1)}});
  EXPECT_THAT(names(sbom), ElementsAre("bash"));
  EXPECT_THAT(sbom.coverage.incomplete, ElementsAre(testing::StartsWith(kNdb + ": package 3: cut short: ")));
  for (const std::string name : {"rpmdb.sqlite", "Packages.db", "Packages"}) {
    EXPECT_THAT(gaps({{"var/lib/rpm/" + name, ""}}),
                ElementsAre(testing::StartsWith("var/lib/rpm/" + name + ": cut short: ends at byte 0")));
  }
}

TEST(RpmAnalyzer, AHeaderThatIsNotUnderstoodHidesNoOther) {
  const Sbom sbom = analyze({{kNdb, made_ndb({"x", made_package("bash"), made_package("a b"), made_package("zlib")})}});
  EXPECT_THAT(names(sbom), ElementsAre("bash", "zlib"));
  EXPECT_THAT(sbom.coverage.incomplete,
              ElementsAre(kNdb + ": header 1: shorter than any header (headers that are not understood: 2)"));
  EXPECT_THAT(gaps({{kNdb, made_ndb({made_package("bash"), made_package("a b")})}}),
              ElementsAre(kNdb + ": header 2: \"a b\" is not a package name"));
}

TEST(RpmAnalyzer, WhatCannotBeReadIsNotClean) {
  EXPECT_THAT(gaps({{kNdb, "!cannot open: Permission denied"}}),
              ElementsAre(kNdb + ": cannot open: Permission denied"));
  // The walk counts the folder that may not be looked at.
  EXPECT_THAT(gaps({{"var/lib/rpm", "!cannot open: Permission denied"}}),
              ElementsAre("os-release says almalinux, but there is no package database"));
}

TEST(RpmAnalyzer, ALeftoverOfTheDatabaseIsNotOne) {
  EXPECT_THAT(gaps({{"var/lib/rpm/Index.db", "x"}}),
              testing::Contains("var/lib/rpm: is left over from rpm, whose package database is gone"));
}

TEST(RpmAnalyzer, AnUnfinishedChangeIsDamage) {
  std::string database("SQLite format 3\0", 16);
  database.resize(4096, '\0');
  const std::string path = "var/lib/rpm/rpmdb.sqlite";
  EXPECT_THAT(gaps({{path, database}, {path + "-journal", "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7 and pages"}}),
              ElementsAre(path + ": was left in the midst of a change, which its journal would undo"));
  EXPECT_THAT(gaps({{path, database}, {path + "-journal", std::string(512, '\0')}}),
              ElementsAre(path + ": says that its pages have 0 bytes"))
      << "one that was completed";
  EXPECT_THAT(gaps({{path, database}, {path + "-wal", "!cannot open: no"}}),
              ElementsAre(path + ": its log: cannot open: no"));
}

// Debian has rpm as a tool.
TEST(RpmAnalyzer, AnEmptyDatabaseBesideAnothersIsNoGap) {
  const auto beside_dpkg = [](std::map<std::string, std::string> files) {
    files["etc/os-release"] = "ID=debian\nVERSION_ID=12\n";
    files["var/lib/dpkg/status"] = "Package: a\nStatus: install ok installed\nVersion: 2\n\n";
    return analyze(std::move(files)).coverage.incomplete;
  };
  EXPECT_THAT(beside_dpkg({{kOther, made_ndb({})}}), IsEmpty());
  EXPECT_THAT(beside_dpkg({{"var/lib/rpm/.rpm.lock", ""}}), IsEmpty());
  EXPECT_THAT(beside_dpkg({{kOther, "RpmP"}}), ElementsAre(testing::StartsWith(kOther + ": cut short")));
  EXPECT_THAT(beside_dpkg({{kOther, made_ndb({made_package("gpg-pubkey")})}}),
              ElementsAre(kOther + ": exists but lists no package"));
}

TEST(RpmAnalyzer, ReadsTheListOfADistrolessImage) {
  const std::string manifest = "var/lib/rpmmanifest/container-manifest-2";
  const std::string line = "a\t1-2.cm2\t0\t0\tMicrosoft Corporation\t(none)\t0\tx86_64\t0\ta-1-2.cm2.src.rpm\n";
  const Sbom sbom = analyze({{manifest, line}});
  EXPECT_THAT(names(sbom), ElementsAre("a"));
  EXPECT_THAT(sbom.coverage.incomplete, IsEmpty());
  EXPECT_THAT(gaps({{manifest, ""}}), ElementsAre(manifest + ": exists but lists no package"));
  EXPECT_THAT(gaps({{manifest, line + "b\n"}}), ElementsAre(manifest + ": 2: want 10 fields, has 1"));
  EXPECT_THAT(gaps({{"var/lib/rpmmanifest/container-manifest-1", "a-1-2.cm2.x86_64\n"}}),
              ElementsAre("var/lib/rpmmanifest: has no container-manifest-2"));
}

TEST(RpmAnalyzer, WhatARemovedDatabaseLeavesIsNoticed) {
  EXPECT_THAT(gaps({}), ElementsAre("os-release says almalinux, but there is no package database"));
  for (const std::string trace : {"var/lib/dnf/history.sqlite", "usr/lib/sysimage/libdnf5/packages.toml",
                                  "var/lib/rpm-state/x", "etc/redhat-release", "etc/system-release-cpe",
                                  "etc/yum.repos.d/a.repo", "etc/zypp/zypp.conf", "usr/bin/rpm"}) {
    EXPECT_THAT(analyze_image(MapFiles({{trace, "x"}}), all_analyzers()).coverage.incomplete,
                ElementsAre(testing::EndsWith(": is left over from rpm, whose package database is gone")))
        << trace;
  }
}

}  // namespace
}  // namespace initscan
