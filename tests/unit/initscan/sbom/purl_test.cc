#include "initscan/sbom/purl.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

const OsRelease kDebian{"debian", "12", "bookworm", ""};

TEST(Purl, NamesADebianPackage) {
  EXPECT_EQ(
      purl_of({PackageType::deb, "libssl3", "3.0.11-1~deb12u2", "amd64", "openssl", "3.0.11-1~deb12u2", ""}, kDebian),
      "pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl");
  EXPECT_EQ(purl_of({PackageType::deb, "g++", "4:12+b1", "amd64", "gcc", "1.2", ""}, kDebian),
            "pkg:deb/debian/g%2B%2B@4:12%2Bb1?arch=amd64&distro=debian-12&upstream=gcc%401.2");
  EXPECT_EQ(purl_of({PackageType::deb, "apt", "2", "", "apt", "2", ""}, {}), "pkg:deb/apt@2");
}

TEST(Purl, NamesTheModuleOfAPackage) {
  Package package{PackageType::deb, "a", "1", "x86_64", "a", "1", ""};
  package.module = "nodejs:18:8060020220523:ad008a3a";
  const std::string purl = purl_of(package, kDebian);
  EXPECT_EQ(purl, "pkg:deb/debian/a@1?arch=x86_64&distro=debian-12&rpmmod=nodejs:18:8060020220523:ad008a3a");
  EXPECT_EQ(parse_purl(purl)->qualifier("rpmmod"), package.module);
}

TEST(Purl, ReadsWhatItWrites) {
  const auto purl = parse_purl("pkg:deb/debian/g%2B%2B@4:12%2Bb1?arch=amd64&distro=debian-12&upstream=gcc%401.2#sub");
  ASSERT_TRUE(purl);
  EXPECT_EQ(purl->type, "deb");
  EXPECT_EQ(purl->name_space, "debian");
  EXPECT_EQ(purl->name, "g++");
  EXPECT_EQ(purl->version, "4:12+b1");
  EXPECT_EQ(purl->qualifier("upstream"), "gcc@1.2");
  EXPECT_EQ(purl->qualifier("none"), "");
}

TEST(Purl, ReadsOtherShapes) {
  EXPECT_EQ(parse_purl("pkg:npm/%40scope/name@1")->name_space, "@scope");
  EXPECT_EQ(parse_purl("pkg:golang/github.com/a/b@v1")->name, "b");
  EXPECT_EQ(parse_purl("pkg:generic/x")->version, "");
  EXPECT_EQ(parse_purl("pkg:generic/x@100%")->version, "100%");
}

TEST(Purl, NamesAPackageOfALanguageAsItsEcosystemDoes) {
  for (const auto& [text, name] : std::vector<std::pair<std::string, std::string>>{
           {"pkg:npm/%40babel/core@7.1.0", "@babel/core"},
           {"pkg:golang/github.com/a/b@v1.0.0", "github.com/a/b"},
           {"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", "org.apache.logging.log4j:log4j-core"},
           {"pkg:composer/symfony/http-kernel@5.0", "symfony/http-kernel"},
           {"pkg:pypi/Flask@1.0", "Flask"}}) {
    const auto purl = parse_purl(text);
    ASSERT_TRUE(purl) << text;
    const Ecosystem& ecosystem = *find_purl_type(purl->type);
    EXPECT_EQ(package_name_of(*purl, ecosystem), name);
    EXPECT_EQ(purl_of({ecosystem.type, name, purl->version, "", name, purl->version, ""}, kDebian), text);
  }
  EXPECT_EQ(package_name_of(*parse_purl("pkg:rpm/redhat/openssl@1"), *find_purl_type("rpm")), "openssl");
}

TEST(Purl, KnowsWhatContradictsItself) {
  EXPECT_EQ(parse_purl("pkg:deb/a@1?upstream=b&arch=x")->contradiction(), "");
  EXPECT_EQ(parse_purl("pkg:deb/a@1?arch=x&arch=x")->contradiction(), "");
  EXPECT_EQ(parse_purl("pkg:deb/a@1?arch=&arch=x")->qualifier("arch"), "x") << "no value is no qualifier";
  EXPECT_EQ(parse_purl("pkg:deb/a@1?upstream=b&arch=x&upstream=c")->contradiction(), "upstream");
  EXPECT_EQ(parse_purl("pkg:deb/a@1?arch=x&ARCH=y")->contradiction(), "arch");
  EXPECT_EQ(parse_purl("pkg:deb/a@1?Upstream=B")->qualifier("upstream"), "b");
}

TEST(Purl, RefusesWhatIsNone) {
  for (const char* text : {"", "pkg:", "pkg:deb", "pkg:deb/", "deb/x@1", "pkg:/x"})
    EXPECT_FALSE(parse_purl(text)) << text;
}

}  // namespace
TEST(Purl, ComparesNamesOfDistributionsInLowerCase) {
  const auto purl = parse_purl("pkg:DEB/Debian/OPENSSL@3.0.9-1+B1?upstream=OpenSSL%403.0.9-1A");
  ASSERT_TRUE(purl);
  EXPECT_EQ(purl->type + ' ' + purl->name_space + ' ' + purl->name, "deb debian openssl");
  EXPECT_EQ(purl->version, "3.0.9-1+B1");
  EXPECT_EQ(purl->qualifier("upstream"), "openssl@3.0.9-1A");
  EXPECT_EQ(parse_purl("pkg:maven/Group/Name@1")->name, "Name");
}

TEST(Purl, IsNoneWithControlCharacters) {
  for (const char* const text : {"pkg:deb/debian/openssl%00@1", "pkg:deb/debian/a@1%0a", "pkg:deb/de%7fbian/a@1",
                                 "pkg:deb/debian/a@1?upstream=b%01"}) {
    EXPECT_FALSE(parse_purl(text)) << text;
  }
}

}  // namespace initscan
