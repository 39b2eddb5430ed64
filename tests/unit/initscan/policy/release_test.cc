#include "initscan/policy/release.h"

#include "common/time/rfc3339.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string end_of(std::string id, std::string version) {
  const auto end = support_end_of({std::move(id), std::move(version), "", ""});
  return end ? format_rfc3339(*end) : "";
}

TEST(SupportEnd, IsTheMorningAfterTheLastDay) {
  EXPECT_EQ(end_of("debian", "12"), "2028-07-01T00:00:00Z");
  EXPECT_EQ(end_of("debian", "9.13"), "2022-07-01T00:00:00Z");
  EXPECT_EQ(end_of("alpine", "3.20.3"), "2026-04-02T00:00:00Z");
  EXPECT_EQ(end_of("alpine", "3.2"), "2017-05-02T00:00:00Z");
  EXPECT_EQ(end_of("ubuntu", "18.04"), "2023-06-01T00:00:00Z");
  EXPECT_EQ(end_of("centos", "7"), "2024-07-01T00:00:00Z");
  EXPECT_EQ(end_of("rhel", "9.4"), "2032-06-01T00:00:00Z");
  EXPECT_EQ(end_of("sles", "15.4"), "2024-01-01T00:00:00Z");
}

TEST(SupportEnd, IsNotKnownOfEveryRelease) {
  EXPECT_EQ(end_of("debian", ""), "");
  EXPECT_EQ(end_of("debian", "99"), "");
  EXPECT_EQ(end_of("alpine", "3"), "");
  EXPECT_EQ(end_of("gentoo", "9"), "");
  EXPECT_EQ(end_of("", ""), "");
}

Sbom with(OsRelease os, Package package) {
  Sbom sbom;
  sbom.os = std::move(os);
  sbom.packages = {std::move(package)};
  return sbom;
}

Package of(PackageType type, std::string name, std::string version) {
  return {type, name, version, "", name, version, ""};
}

TEST(Contradictions, AreOfPackagesThatBelongToOneRelease) {
  const OsRelease debian{"debian", "12", "", ""};
  EXPECT_THAT(contradictions_of(with(debian, of(PackageType::deb, "base-files", "12.4+deb12u5"))), IsEmpty());
  EXPECT_THAT(contradictions_of(with(debian, of(PackageType::deb, "base-files", "9.9+deb9u13"))),
              ElementsAre("os-release says debian 12, and its package base-files 9.9+deb9u13 is of 9"));
  const OsRelease alpine{"alpine", "3.9.6", "", ""};
  EXPECT_THAT(contradictions_of(with(alpine, of(PackageType::apk, "alpine-release", "3.9.6-r0"))), IsEmpty());
  EXPECT_THAT(contradictions_of(with(alpine, of(PackageType::apk, "alpine-release", "3.20.3-r0"))),
              ElementsAre("os-release says alpine 3.9.6, and its package alpine-release 3.20.3-r0 is of 3.20"));
}

TEST(Contradictions, AnEpochIsNoPartOfTheRelease) {
  const OsRelease oracle{"ol", "9.4", "", ""};
  EXPECT_THAT(contradictions_of(with(oracle, of(PackageType::rpm, "oraclelinux-release", "9:9.4-1.0.8.el9"))),
              IsEmpty());
  EXPECT_THAT(contradictions_of(with(oracle, of(PackageType::rpm, "oraclelinux-release", "9:8.10-1.0.8.el8"))),
              ElementsAre("os-release says ol 9.4, and its package oraclelinux-release 9:8.10-1.0.8.el8 is of 8"));
}

TEST(Contradictions, NeedTwoSides) {
  // Ubuntu numbers base-files by itself, and a release that is not told contradicts nothing.
  EXPECT_THAT(contradictions_of(with({"ubuntu", "22.04", "", ""}, of(PackageType::deb, "base-files", "12ubuntu4"))),
              IsEmpty());
  EXPECT_THAT(contradictions_of(with({"debian", "", "", ""}, of(PackageType::deb, "base-files", "13.1"))), IsEmpty());
  EXPECT_THAT(contradictions_of(with({"debian", "12", "", ""}, of(PackageType::deb, "base-files", "rubbish"))),
              IsEmpty());
  EXPECT_THAT(contradictions_of(with({"debian", "12", "", ""}, of(PackageType::apk, "alpine-release", "3.9.6-r0"))),
              IsEmpty());
}

Sbom of_builds(OsRelease os, const std::vector<std::string>& versions) {
  Sbom sbom;
  sbom.os = std::move(os);
  for (const std::string& version : versions) sbom.packages.push_back(of(PackageType::rpm, "a", version));
  return sbom;
}

TEST(Contradictions, MostPackagesAreBuildsForTheirRelease) {
  const OsRelease centos{"centos", "7", "", ""};
  const std::string sentence =
      "os-release says centos 7, and most of its packages are builds for another release, such as a 1-2.el8_8";
  EXPECT_THAT(contradictions_of(of_builds(centos, {"1-2.el8_8"})), ElementsAre(sentence));
  EXPECT_THAT(contradictions_of(of_builds(centos, {"1-1.el7.centos", "1-2.el8_8", "1-3.module_el8.5.0+1"})),
              ElementsAre(sentence));
  EXPECT_THAT(contradictions_of(of_builds(centos, {"1-1.el7.centos", "1-2.el8_8", "1-3.el7_9"})), IsEmpty());
  EXPECT_THAT(contradictions_of(of_builds(centos, {"1-1.el77", "1-2", "1-3.fc40", "1-4.noel8"})), IsEmpty());
  EXPECT_THAT(contradictions_of(of_builds({"amzn", "2018.03", "", ""}, {"1-1.43.amzn1"})), IsEmpty());
  EXPECT_THAT(contradictions_of(of_builds({"amzn", "2023", "", ""}, {"1-1.43.amzn2.0.1"})), SizeIs(1));
  EXPECT_THAT(contradictions_of(of_builds({"photon", "5.0", "", ""}, {"1-1.ph5"})), IsEmpty());
  EXPECT_THAT(contradictions_of(of_builds({"photon", "5.0", "", ""}, {"1-1.ph4"})), SizeIs(1));
  EXPECT_THAT(contradictions_of(of_builds({"mariner", "2.0", "", ""}, {"1-1.cm2"})), IsEmpty());
}

TEST(Contradictions, AnotherDistributionsReleaseIsNone) {
  const OsRelease rhel{"rhel", "9.3", "", ""};
  Sbom sbom = with(rhel, of(PackageType::rpm, "almalinux-release", "9.3-1.el9"));
  EXPECT_THAT(contradictions_of(sbom),
              ElementsAre("os-release says rhel 9.3, and its package almalinux-release 9.3-1.el9 is of almalinux"));
  // Oracle has both.
  sbom.packages.push_back(of(PackageType::rpm, "redhat-release", "9:9.3-1.el9"));
  EXPECT_THAT(contradictions_of(sbom), IsEmpty());
}

}  // namespace
}  // namespace initscan
