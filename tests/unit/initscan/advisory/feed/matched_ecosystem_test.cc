#include "initscan/advisory/feed/matched_ecosystem.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

std::string name_of(std::string_view name) {
  const auto found = matched_ecosystem(name);
  return found ? found->name : "";
}

TEST(MatchedEcosystem, IsNamedInOneWay) {
  EXPECT_EQ(name_of("Debian:12"), "Debian:12");
  EXPECT_EQ(name_of("Debian:bookworm"), "Debian:12");
  EXPECT_EQ(name_of("Debian"), "Debian");
  EXPECT_EQ(name_of("Alpine:v3.20"), "Alpine:v3.20");
  EXPECT_EQ(name_of("Alpine:3.20"), "Alpine:v3.20");
  EXPECT_EQ(name_of("Alpine:edge"), "Alpine:edge");
  EXPECT_EQ(name_of("Ubuntu:22.04:LTS"), "Ubuntu:22.04:LTS");
  EXPECT_EQ(name_of("Ubuntu:22.04"), "Ubuntu:22.04:LTS");
  EXPECT_EQ(name_of("Ubuntu:24.10"), "Ubuntu:24.10");
  EXPECT_EQ(name_of("Ubuntu:99.04:LTS"), "Ubuntu:99.04") << "an image of it is called so, too";
  for (const char* same : {"Red Hat:9",
                           "AlmaLinux:9",
                           "Rocky Linux:9",
                           "Oracle:9",
                           "Amazon:2023",
                           "Fedora:40",
                           "Photon OS:5.0",
                           "Azure Linux:3",
                           "openSUSE:Leap 15.5",
                           "openSUSE:Tumbleweed",
                           "SUSE",
                           "Wolfi",
                           "Chainguard",
                           "PyPI",
                           "npm",
                           "Go",
                           "crates.io",
                           "Maven",
                           "RubyGems",
                           "Packagist",
                           "NuGet",
                           "Pub",
                           "Hex",
                           "Bitnami"}) {
    EXPECT_EQ(name_of(same), same);
  }
}

TEST(MatchedEcosystem, IsNoReleaseThatNobodyKnows) {
  for (const char* none : {"", ":", "Debian:next", "Debian:Pro:12", "Alpine:v", "Ubuntu:Pro", "Ubuntu::LTS", "CRAN",
                           "PyPI:3", "Wolfi:1", "Red Hat:enterprise_linux:9::appstream", "debian:12"}) {
    EXPECT_EQ(name_of(none), "") << none;
  }
}

TEST(MatchedEcosystem, AFlavourIsPartOfNoName) {
  const auto fips = matched_ecosystem("Ubuntu:Pro:FIPS-updates:18.04:LTS");
  ASSERT_TRUE(fips);
  EXPECT_EQ(fips->name, "Ubuntu:18.04:LTS");
  EXPECT_EQ(fips->flavour, "Pro:FIPS-updates");
  EXPECT_EQ(matched_ecosystem("Ubuntu:18.04:LTS")->flavour, "");
}

TEST(MatchedEcosystem, SaysHowItsPackagesAreCompared) {
  EXPECT_EQ(matched_ecosystem("Alpine:v3.20")->orders, (std::vector{VersionOrder::apk2, VersionOrder::apk3}));
  EXPECT_EQ(matched_ecosystem("Rocky Linux:9")->orders, std::vector{VersionOrder::rpm});
  EXPECT_EQ(matched_ecosystem("PyPI")->orders, std::vector{VersionOrder::python});
  EXPECT_EQ(matched_ecosystem("PyPI")->type, PackageType::pypi);
}

TEST(MatchedEcosystem, AllOfThemAreNamedOnce) {
  const std::string names = names_of_matched_ecosystems();
  EXPECT_TRUE(names.starts_with("Debian, Alpine, Ubuntu, Red Hat, AlmaLinux, ")) << names;
  EXPECT_TRUE(names.ends_with(", Pub or PyPI")) << names;
  EXPECT_EQ(names.find("Red Hat"), names.rfind("Red Hat"));
}

}  // namespace
}  // namespace initscan
