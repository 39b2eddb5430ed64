#include "initscan/model/ecosystems.h"

#include <set>

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(Ecosystems, AreFoundByTypeAndByPurl) {
  for (const Ecosystem& ecosystem : ecosystems()) {
    EXPECT_EQ(find_ecosystem(ecosystem.type), &ecosystem);
    EXPECT_EQ(find_purl_type(ecosystem.purl_type), &ecosystem);
    EXPECT_EQ(to_string(ecosystem.type), ecosystem.purl_type);
    EXPECT_FALSE(ecosystem.manager.empty()) << ecosystem.purl_type;
  }
}

TEST(Ecosystems, WhatIsNotInTheTableIsNothing) {
  constexpr PackageType kBeyond{200};
  for (const PackageType type : {PackageType::unknown, kBeyond}) {
    EXPECT_EQ(find_ecosystem(type), nullptr);
    EXPECT_EQ(to_string(type), "unknown");
  }
  EXPECT_EQ(find_purl_type("unknown"), nullptr);
  EXPECT_EQ(find_purl_type(""), nullptr);
  EXPECT_EQ(find_distribution(""), nullptr);
  EXPECT_EQ(find_distribution("rhel"), nullptr);
}

TEST(Ecosystems, KnowWhatTheirPackagesMayBeCalled) {
  for (const char* name : {"a", "libstdc++6", "g++-12", "r-cran-zoo", "libdb5.3", "7zip", "linux_x", "OpenSSL"}) {
    EXPECT_TRUE(is_package_name(PackageType::deb, name)) << name;
    EXPECT_TRUE(is_package_name(PackageType::apk, name)) << name;
  }
  for (const char* none : {"", "-", "+a", "a ", " a", "a b", "a,b", "a;", "a/b", "a:amd64", "a (1)", "a@1", "a=1",
                           "a\n", "a\xe2\x80\x8b", "(none)", "*"}) {
    EXPECT_FALSE(is_package_name(PackageType::deb, none)) << none;
    EXPECT_FALSE(is_package_name(PackageType::apk, none)) << none;
  }
  EXPECT_TRUE(is_package_name(PackageType::apk, ".build-deps"));
  EXPECT_FALSE(is_package_name(PackageType::deb, ".build-deps"));
  EXPECT_FALSE(is_package_name(PackageType::unknown, "a"));
}

TEST(Ecosystems, DistributionsSayWhatTheirsAre) {
  std::set<std::string_view> names;
  for (const Distribution& distribution : distributions()) {
    EXPECT_EQ(find_distribution(distribution.id), &distribution);
    EXPECT_TRUE(names.insert(distribution.id).second) << distribution.id;
    std::set<std::string_view> numbers;
    for (const DistributionRelease& release : distribution.releases) {
      EXPECT_TRUE(numbers.insert(release.number).second) << release.number;
    }
    if (distribution.osv_name.empty()) continue;
    EXPECT_TRUE(names.insert(distribution.osv_name).second) << distribution.osv_name;
  }
}

TEST(Ecosystems, CodenamesAreThoseOfOneDistribution) {
  const Distribution& debian = *find_distribution("debian");
  EXPECT_EQ(number_of_codename(debian, "bookworm"), "12");
  EXPECT_EQ(number_of_codename(debian, "sid"), "");
  EXPECT_EQ(number_of_codename(debian, ""), "");
  EXPECT_EQ(number_of_codename(*find_distribution("alpine"), "bookworm"), "");
  EXPECT_EQ(number_of_codename(*find_distribution("alpine"), ""), "") << "its releases have none";
}

TEST(LeadingFields, AreAsManyAsThereAre) {
  EXPECT_EQ(leading_fields("3.20.3", 1), "3");
  EXPECT_EQ(leading_fields("3.20.3", 2), "3.20");
  EXPECT_EQ(leading_fields("3", 2), "3");
  EXPECT_EQ(leading_fields("", 2), "");
  EXPECT_EQ(leading_fields(".5", 1), "");
}

}  // namespace
}  // namespace initscan
