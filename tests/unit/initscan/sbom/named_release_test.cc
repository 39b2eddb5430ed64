#include "initscan/sbom/named_release.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;

TEST(NamedRelease, KnowsWhatToolsCallADistribution) {
  EXPECT_EQ(in_words(named_release("Alpine Linux", "v3.17.1")), "alpine 3.17.1");
  EXPECT_EQ(in_words(named_release("Debian GNU/Linux", "12 (bookworm)")), "debian 12");
  EXPECT_EQ(in_words(named_release("debian", "Buster")), "debian 10");
  EXPECT_EQ(in_words(named_release("debian", "sid")), "debian sid");
  EXPECT_EQ(in_words(named_release("ubuntu", "bookworm")), "ubuntu bookworm");
  EXPECT_EQ(in_words(named_release("rhel", "9")), "rhel 9");
  EXPECT_EQ(in_words(named_release("", "")), "");
}

std::vector<std::string> told_by(std::string_view qualifiers, std::string_view name_space = "debian/") {
  const auto purl = parse_purl("pkg:deb/" + std::string(name_space) + "a@1?" + std::string(qualifiers));
  std::vector<std::string> words;
  for (const OsRelease& os : releases_of(*purl)) words.push_back(in_words(os));
  return words;
}

TEST(NamedRelease, IsToldByAPurlInManyWays) {
  EXPECT_THAT(told_by(""), ElementsAre("debian"));
  EXPECT_THAT(told_by("", ""), ElementsAre());
  EXPECT_THAT(told_by("distro=debian-12.6"), ElementsAre("debian", "debian 12.6"));
  EXPECT_THAT(told_by("distro=debian-12.6", ""), ElementsAre("debian 12.6"));
  EXPECT_THAT(told_by("distro=12.6"), ElementsAre("debian", "debian 12.6"));
  EXPECT_THAT(told_by("distro=12%20(bookworm)"), ElementsAre("debian", "debian 12"));
  EXPECT_THAT(told_by("distro=buster"), ElementsAre("debian", "debian 10"));
  EXPECT_THAT(told_by("distro=debian-buster"), ElementsAre("debian", "debian 10"));
  EXPECT_THAT(told_by("distro=debian"), ElementsAre("debian", "debian"));
  EXPECT_THAT(told_by("distro=Alpine%20Linux"), ElementsAre("debian", "alpine"));
  EXPECT_THAT(told_by("distro=Alpine%20Linux%203.17"), ElementsAre("debian", "alpine 3.17"));
  EXPECT_THAT(told_by("distro=alpine-v3.17", "alpine/"), ElementsAre("alpine", "alpine 3.17"));
  EXPECT_THAT(told_by("distro=edge", "alpine/"), ElementsAre("alpine", "alpine edge"));
  EXPECT_THAT(told_by("os_name=alpine&os_version=3.17.1", "alpine/"), ElementsAre("alpine", "alpine 3.17.1"));
  EXPECT_THAT(told_by("os_version=12&os_distro=buster"), ElementsAre("debian", "debian 12", "debian 10"));
}

}  // namespace
}  // namespace initscan
