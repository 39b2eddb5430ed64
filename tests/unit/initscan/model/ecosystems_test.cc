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
  EXPECT_EQ(find_distribution("plan9"), nullptr);
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
  std::set<std::string_view> ids;
  for (const Distribution& distribution : distributions()) {
    EXPECT_EQ(find_distribution(distribution.id), &distribution);
    EXPECT_TRUE(ids.insert(distribution.id).second) << distribution.id;
    EXPECT_FALSE(distribution.osv_name.empty()) << distribution.id;
    std::set<std::string_view> numbers;
    for (const DistributionRelease& release : distribution.releases) {
      EXPECT_TRUE(numbers.insert(release.number).second) << release.number;
    }
  }
}

// Two distributions may share one: each reads the other's numbers as its own then.
TEST(Ecosystems, DistributionsOfOneOsvNameSpellReleasesAlike) {
  for (const Distribution& a : distributions()) {
    for (const Distribution& b : distributions()) {
      if (a.osv_name != b.osv_name) continue;
      EXPECT_EQ(ecosystem_name(a, "9"), ecosystem_name(b, "9")) << a.id << ' ' << b.id;
    }
  }
}

TEST(Ecosystems, AreNamedAsOsvNamesThem) {
  const auto named = [](std::string_view id, std::string_view release) {
    return ecosystem_name(*find_distribution(id), release);
  };
  EXPECT_EQ(named("debian", "12"), "Debian:12");
  EXPECT_EQ(named("alpine", "3.20"), "Alpine:v3.20");
  EXPECT_EQ(named("alpine", "edge"), "Alpine:edge");
  EXPECT_EQ(named("ubuntu", "22.04"), "Ubuntu:22.04:LTS");
  EXPECT_EQ(named("ubuntu", "24.10"), "Ubuntu:24.10");
  EXPECT_EQ(named("opensuse-leap", "15.5"), "openSUSE:Leap 15.5");
}

TEST(Ecosystems, NamesOfOnePackageAreOne) {
  struct Case {
    PackageType type;
    std::string_view name, normalized;
  };
  for (const auto& [type, name, normalized] : {
           Case{PackageType::pypi, "Zope._Interface--x", "zope-interface-x"},
           Case{PackageType::npm, "@Babel/Core", "@babel/core"},
           Case{PackageType::nuget, "Newtonsoft.Json", "newtonsoft.json"},
           Case{PackageType::composer, "Symfony/HTTP-Kernel", "symfony/http-kernel"},
           Case{PackageType::golang, "github.com/BurntSushi/toml", "github.com/burntsushi/toml"},
           Case{PackageType::cargo, "Serde_JSON", "serde-json"},
           Case{PackageType::maven, "org.X:a-B_c", "org.X:a-B_c"},
           Case{PackageType::gem, "RedCloth", "RedCloth"},
           Case{PackageType::rpm, "ImageMagick", "ImageMagick"},
           Case{PackageType::unknown, "A_b", "A_b"},
       }) {
    EXPECT_EQ(normalized_name(type, name), normalized);
    EXPECT_EQ(normalized_name(type, normalized), normalized) << "once is enough";
  }
}

TEST(Ecosystems, NamesOfLanguagesHaveNamespaces) {
  for (const auto& [type, name] : std::vector<std::pair<PackageType, std::string_view>>{
           {PackageType::npm, "@babel/core"},
           {PackageType::npm, "JSONStream"},
           {PackageType::golang, "github.com/a/b"},
           {PackageType::maven, "org.apache.logging.log4j:log4j-core"},
           {PackageType::composer, "a/b"},
           {PackageType::pypi, "zope.interface"},
           {PackageType::cargo, "serde_json"},
           {PackageType::nuget, "_x"},
           {PackageType::rpm, "libstdc++"}}) {
    EXPECT_TRUE(is_package_name(type, name)) << name;
  }
  for (const auto& [type, name] : std::vector<std::pair<PackageType, std::string_view>>{{PackageType::npm, "a b"},
                                                                                        {PackageType::pypi, "a/b"},
                                                                                        {PackageType::maven, "a/b"},
                                                                                        {PackageType::golang, "/a"},
                                                                                        {PackageType::cargo, "a.b"},
                                                                                        {PackageType::rpm, "a/b"}}) {
    EXPECT_FALSE(is_package_name(type, name)) << name;
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
