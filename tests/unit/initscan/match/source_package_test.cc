#include "initscan/match/source_package.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

struct Case {
  const char* name;
  std::string source, source_version, version;
  std::vector<SourcePackage> want;
};

class SourcePackages : public testing::TestWithParam<Case> {};

TEST_P(SourcePackages, OfAnInstalledPackage) {
  const Case& c = GetParam();
  const Package package{PackageType::deb, "binary", c.version, "amd64", c.source, c.source_version, "status"};
  EXPECT_EQ(source_packages_of(package), c.want);
}

TEST(SourcePackages, OfAnRpmAreBothThatAdvisoriesName) {
  const Package perl{PackageType::rpm, "perl-lib", "0.65-481.el9", "noarch", "perl", "5.32.1-481.el9", ""};
  EXPECT_EQ(source_packages_of(perl),
            (std::vector<SourcePackage>{{"perl-lib", "0.65-481.el9"}, {"perl", "5.32.1-481.el9"}}));
  const Package zlib{PackageType::rpm, "zlib", "1.2-1", "x86_64", "zlib", "1.2-1", ""};
  EXPECT_EQ(source_packages_of(zlib), (std::vector<SourcePackage>{{"zlib", "1.2-1"}}));
}

TEST(SourcePackages, OfALanguageAreThePackageUnderItsNormalName) {
  const Package flask{PackageType::pypi, "Flask_Login", "1.0", "", "Flask_Login", "1.0", ""};
  EXPECT_EQ(source_packages_of(flask), (std::vector<SourcePackage>{{"flask-login", "1.0"}}));
}

// As they stand in Debian 10 to 13.
INSTANTIATE_TEST_SUITE_P(
    Table, SourcePackages,
    testing::Values(Case{"Itself", "zlib", "1:1.2-1", "1:1.2-1", {{"zlib", "1:1.2-1"}}},
                    Case{"ARebuild", "zlib", "1:1.2-1+b3", "1:1.2-1+b3", {{"zlib", "1:1.2-1"}}},
                    Case{"NoRebuild", "zlib", "1.2-1+beta", "1.2-1+beta", {{"zlib", "1.2-1+beta"}}},
                    Case{"Linux",
                         "linux-signed-amd64",
                         "6.1.115+1",
                         "6.1.115-1",
                         {{"linux-signed-amd64", "6.1.115+1"}, {"linux", "6.1.115-1"}}},
                    Case{"LinuxOfAnUpdate",
                         "linux-signed-arm64",
                         "4.19.118+2+deb10u1",
                         "4.19.118-2+deb10u1",
                         {{"linux-signed-arm64", "4.19.118+2+deb10u1"}, {"linux", "4.19.118-2+deb10u1"}}},
                    Case{"LinuxOfABackport",
                         "linux-signed-amd64",
                         "6.9.7+1~bpo12+1",
                         "6.9.7-1~bpo12+1",
                         {{"linux-signed-amd64", "6.9.7+1~bpo12+1"}, {"linux", "6.9.7-1~bpo12+1"}}},
                    Case{"Grub",
                         "grub-efi-amd64-signed",
                         "1+2.06+13+deb12u1",
                         "1+2.06+13+deb12u1",
                         {{"grub-efi-amd64-signed", "1+2.06+13+deb12u1"}, {"grub2", "2.06-13+deb12u1"}}},
                    Case{"GrubOfCleanedSources",
                         "grub-efi-arm64-signed",
                         "1+2.02+dfsg1+20+deb10u4",
                         "1+2.02+dfsg1+20+deb10u4",
                         {{"grub-efi-arm64-signed", "1+2.02+dfsg1+20+deb10u4"}, {"grub2", "2.02+dfsg1-20+deb10u4"}}},
                    Case{"ShimHelpers",
                         "shim-helpers-amd64-signed",
                         "1+15.8+1~deb12u1",
                         "1+15.8+1~deb12u1",
                         {{"shim-helpers-amd64-signed", "1+15.8+1~deb12u1"}, {"shim", "15.8-1~deb12u1"}}},
                    Case{"Shim",
                         "shim-signed",
                         "1.44~1+deb12u1",
                         "1.44~1+deb12u1+15.8-1~deb12u1",
                         {{"shim-signed", "1.44~1+deb12u1"}, {"shim", "15.8-1~deb12u1"}}},
                    Case{"ShimOfAnUnknownSource",
                         "shim-signed",
                         "1.39+15.7-1+deb12u1",
                         "1.39+15.7-1+deb12u1",
                         {{"shim-signed", "1.39+15.7-1+deb12u1"}, {"shim", "15.7-1+deb12u1"}}},
                    Case{"FwupdOfItsOwnSource",
                         "fwupd-efi-amd64-signed",
                         "1:1.4+1",
                         "1:1.4+1",
                         {{"fwupd-efi-amd64-signed", "1:1.4+1"}, {"fwupd-efi", "1:1.4-1"}}},
                    Case{"FwupdOfOldTimes",
                         "fwupd-amd64-signed",
                         "1.2.13+3+deb10u2",
                         "1.2.13+3+deb10u2",
                         {{"fwupd-amd64-signed", "1.2.13+3+deb10u2"}, {"fwupd", "1.2.13-3+deb10u2"}}},
                    Case{"SystemdBoot",
                         "systemd-boot-efi-amd64-signed",
                         "257.7+1",
                         "257.7+1",
                         {{"systemd-boot-efi-amd64-signed", "257.7+1"}, {"systemd", "257.7-1"}}},
                    Case{"WithoutAPlaceForARevision",
                         "linux-signed-amd64",
                         "6.1",
                         "6.1",
                         {{"linux-signed-amd64", "6.1"}, {"linux", ""}}},
                    Case{"NoArchitecture", "linux-signed-", "6.1+1", "6.1+1", {{"linux-signed-", "6.1+1"}}},
                    Case{"NotThis", "grub-efi-amd64", "2.06-13", "2.06-13", {{"grub-efi-amd64", "2.06-13"}}}),
    [](const auto& test) { return test.param.name; });

TEST(SourcePackages, OfAlpineAreItsOrigins) {
  const Package package{PackageType::apk, "linux-signed-x", "1+b1", "x86_64", "linux-signed-x", "1+b1", "installed"};
  EXPECT_EQ(source_packages_of(package), (std::vector<SourcePackage>{{"linux-signed-x", "1+b1"}}));
}

}  // namespace
}  // namespace initscan
