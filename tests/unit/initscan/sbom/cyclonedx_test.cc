#include "initscan/model/package_limits.h"
#include "initscan/sbom/cyclonedx_reader.h"
#include "initscan/sbom/cyclonedx_writer.h"
#include "initscan/sbom/purl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Sbom sample() {
  Sbom sbom;
  sbom.os = {"debian", "12", "bookworm", "Debian GNU/Linux 12 (bookworm)"};
  sbom.packages = {{PackageType::deb, "g++", "4:12+b1", "amd64", "gcc", "1.2", "var/lib/dpkg/status"},
                   {PackageType::apk, "zlib", "1.3-r0", "x86_64", "zlib", "1.3-r0", "lib/apk/db/installed"}};
  sbom.packages[1].module = "nodejs:18:1:c";
  sbom.coverage = {7, 6, 5, 4, true, {"a: broken \"here\"", "b: ünd da\n"}, {"nix/store: a Nix store"}, true};
  sbom.confinement = "seccomp+landlock";
  return sbom;
}

TEST(CycloneDx, ReadsBackWhatItWrote) {
  for (const Sbom& sbom : {sample(), Sbom{}}) {
    const auto again = read_cyclonedx(write_cyclonedx(sbom));
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ(*again, sbom);
  }
}

TEST(CycloneDx, ReadsTrivysProperties) {
  const auto sbom = read_cyclonedx(R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[
    {"type":"operating-system","name":"debian","version":"12.6"},
    {"type":"library","name":"libc6","version":"2.36-9","purl":"pkg:deb/debian/libc6@2.36-9?arch=amd64&epoch=1",
     "properties":[{"name":"aquasecurity:trivy:SrcName","value":"glibc"},
                   {"name":"aquasecurity:trivy:SrcVersion","value":"2.35"},
                   {"name":"aquasecurity:trivy:SrcRelease","value":"8"},
                   {"name":"aquasecurity:trivy:SrcEpoch","value":"1"}]}]})");
  ASSERT_TRUE(sbom) << sbom.error().text;
  EXPECT_EQ(sbom->os.version_id, "12.6");
  ASSERT_EQ(sbom->packages.size(), 1u);
  EXPECT_EQ(sbom->packages[0], (Package{PackageType::deb, "libc6", "1:2.36-9", "amd64", "glibc", "1:2.35-8", ""}));
}

TEST(CycloneDx, ReadsTrivysModule) {
  const auto module_of = [](const std::string& qualifiers) {
    const auto sbom = read_cyclonedx(R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[
      {"type":"library","name":"a","version":"1","purl":"pkg:deb/debian/a@1?upstream=a&)" +
                                     qualifiers + R"("}]})");
    if (!sbom) return sbom.error().text;
    if (sbom->packages.empty()) return sbom->coverage.incomplete.at(0);
    return sbom->packages[0].module + (sbom->coverage.incomplete.empty() ? "" : ", contradicted");
  };
  EXPECT_EQ(module_of("rpmmod=nodejs:18"), "nodejs:18");
  EXPECT_EQ(module_of("modularitylabel=nodejs:18"), "nodejs:18");
  EXPECT_EQ(module_of("modularitylabel=nodejs:18&rpmmod=nodejs:18"), "nodejs:18");
  EXPECT_EQ(module_of("modularitylabel=nodejs:16&rpmmod=nodejs:18"), "nodejs:18, contradicted");
  EXPECT_EQ(module_of("rpmmod=" + std::string(256, 'a')), "component 1: \"a\": its module is longer than 255 bytes");
}

TEST(CycloneDx, ReadsSyftsUpstream) {
  const auto sbom = read_cyclonedx(R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[
    {"type":"library","name":"libgcc-s1","version":"12","purl":"pkg:deb/debian/libgcc-s1@12?arch=amd64&distro=debian-12&upstream=gcc-12%4012.2"},
    {"type":"library","name":"a","version":"1","purl":"pkg:deb/debian/a@1?upstream=b"},
    {"type":"library","name":"x","version":"1","purl":"pkg:cran/x@1"},
    {"type":"file","name":"/etc/passwd"}]})");
  ASSERT_TRUE(sbom) << sbom.error().text;
  EXPECT_EQ(sbom->os.id, "debian");
  ASSERT_EQ(sbom->packages.size(), 2u);
  EXPECT_EQ(sbom->packages[1].source_name, "gcc-12");
  EXPECT_EQ(sbom->packages[1].source_version, "12.2");
  EXPECT_EQ(sbom->packages[0].source_name, "b");
  EXPECT_EQ(sbom->packages[0].source_version, "1");
  EXPECT_EQ(sbom->coverage.unsupported, 1u);
  EXPECT_THAT(sbom->coverage.unmatched, ElementsAre("1 component of types that are not matched: cran 1"));
  EXPECT_THAT(sbom->coverage.incomplete, IsEmpty());
}

TEST(CycloneDx, APackageOfALanguageHasNoSourceAndNoDistribution) {
  const auto sbom = read_cyclonedx(R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[
    {"type":"library","name":"@babel/core","version":"7.1.0","purl":"pkg:npm/%40babel/core@7.1.0"},
    {"type":"library","group":"org.x","name":"y","version":"1","purl":"pkg:maven/org.x/y@1"},
    {"type":"library","name":"PyYAML","version":"5.3","purl":"pkg:pypi/pyyaml@5.3"}]})");
  ASSERT_TRUE(sbom) << sbom.error().text;
  EXPECT_THAT(sbom->coverage.incomplete, IsEmpty());
  EXPECT_THAT(sbom->coverage.unmatched, IsEmpty());
  EXPECT_EQ(sbom->os.id, "");
  ASSERT_EQ(sbom->packages.size(), 3u);
  EXPECT_EQ(sbom->packages[0].name, "org.x:y");
  EXPECT_EQ(sbom->packages[1], (Package{PackageType::npm, "@babel/core", "7.1.0", "", "@babel/core", "7.1.0", ""}));
  EXPECT_EQ(sbom->packages[2].name, "pyyaml");
}

TEST(CycloneDx, WhatIsBeingDevelopedHasNoVersion) {
  const auto sbom = read_cyclonedx(R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[
    {"type":"application","name":"example.com/app","purl":"pkg:golang/example.com/app"},
    {"type":"library","name":"stdlib","version":"go1.26.8","purl":"pkg:golang/stdlib@1.26.8"},
    {"type":"library","name":"unsaid","version":"UNKNOWN","purl":"pkg:golang/unsaid"},
    {"type":"library","name":"word","version":"one","purl":"pkg:golang/word@two"},
    {"type":"library","name":"other","version":"v1.0.0","purl":"pkg:golang/example.com/other@v1.0.1"}]})");
  ASSERT_TRUE(sbom) << sbom.error().text;
  EXPECT_THAT(sbom->coverage.incomplete, ElementsAre("component 4: \"word one\" has the purl of \"word two\""));
  ASSERT_EQ(sbom->packages.size(), 5u);
  EXPECT_EQ(sbom->packages[0].version, "");
  EXPECT_EQ(purl_of(sbom->packages[0], {}), "pkg:golang/example.com/app");
}

TEST(CycloneDx, ASourceMayBeNamedByItsFile) {
  const auto sbom = read_cyclonedx(R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[
    {"type":"library","name":"perl-lib","version":"1.2-3.el9","purl":"pkg:rpm/rhel/perl-lib@1.2-3.el9?arch=x86_64&distro=rhel-9.4&epoch=4&upstream=perl-5.32.1-481.el9.src.rpm"}]})");
  ASSERT_TRUE(sbom) << sbom.error().text;
  EXPECT_THAT(sbom->coverage.incomplete, IsEmpty());
  ASSERT_EQ(sbom->packages.size(), 1u);
  EXPECT_EQ(sbom->packages[0],
            (Package{PackageType::rpm, "perl-lib", "4:1.2-3.el9", "x86_64", "perl", "4:5.32.1-481.el9", ""}));
  for (const char* odd : {".src.rpm", "perl.src.rpm", "perl-1.src.rpm", "-1-1.src.rpm"}) {
    const auto other = read_cyclonedx(R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[
      {"type":"library","name":"a","version":"1","purl":"pkg:rpm/rhel/a@1?upstream=)" +
                                      std::string(odd) + R"("}]})");
    ASSERT_TRUE(other) << odd;
    EXPECT_NE(other->packages.empty() ? "" : other->packages[0].source_name, "perl") << odd;
  }
}

constexpr std::string_view kDebian = R"({"type":"operating-system","name":"debian","version":"12"})";
constexpr std::string_view kGood =
    R"({"type":"library","name":"a","version":"1","purl":"pkg:deb/debian/a@1?distro=debian-12&upstream=a"})";

Sbom read(std::string_view components, std::string_view more = "") {
  const auto sbom = read_cyclonedx(R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[)" +
                                   std::string(components) + "]" + std::string(more) + "}");
  EXPECT_TRUE(sbom) << sbom.error().text;
  return sbom ? *sbom : Sbom{};
}

std::string with(std::string_view component) {
  return std::string(kDebian) + ',' + std::string(kGood) + ',' + std::string(component);
}

struct Gap {
  const char* name;
  std::string components;
  std::string more;  // of the document
  std::string incomplete;
};

class CycloneDxGaps : public testing::TestWithParam<Gap> {};

TEST_P(CycloneDxGaps, AreTold) {
  const Sbom sbom = read(GetParam().components, GetParam().more);
  EXPECT_THAT(sbom.coverage.incomplete, ElementsAre(GetParam().incomplete));
}

std::string property(std::string_view name, std::string_view value) {
  return R"(,"metadata":{"properties":[{"name":")" + std::string(name) + R"(","value":")" + std::string(value) +
         R"("}]})";
}

INSTANTIATE_TEST_SUITE_P(
    Table, CycloneDxGaps,
    testing::Values(
        Gap{"SecondOperatingSystem", with(R"({"type":"operating-system","name":"alpine","version":"3.20"})"), "",
            "component 3: a second operating system, alpine 3.20 beside debian 12"},
        Gap{"NestedOperatingSystem",
            with(R"({"type":"container","components":[{"type":"operating-system","name":"debian","version":"9"}]})"),
            "", "component 4: a second operating system, debian 9 beside debian 12"},
        Gap{"PurlOfAnotherRelease",
            with(
                R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?distro=debian-9&upstream=b"})"),
            "", "component 3: its purl says debian 9, and the operating system is debian 12"},
        Gap{"PurlOfAnotherDistribution",
            with(R"({"type":"library","name":"b","version":"1-r0","purl":"pkg:apk/alpine/b@1-r0?upstream=b"})"), "",
            "component 3: its purl says alpine, and the operating system is debian 12"},
        Gap{"PurlsThatContradictEachOther",
            std::string(kGood) +
                R"(,{"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?distro=debian-9&upstream=b"})",
            "", "component 2: its purl says debian 9, and the operating system is debian 12"},
        Gap{"PurlOfAnotherVersion",
            with(
                R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@2?distro=debian-12&upstream=b"})"),
            "", "component 3: \"b 1\" has the purl of \"b 2\""},
        Gap{"PurlOfAnotherPackage",
            with(
                R"({"type":"library","name":"c","version":"1","purl":"pkg:deb/debian/b@1?distro=debian-12&upstream=b"})"),
            "", "component 3: \"c 1\" has the purl of \"b 1\""},
        Gap{"PurlOfAnotherReleaseAsTrivyWritesIt",
            with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?distro=9.1&upstream=b"})"),
            "", "component 3: its purl says debian 9.1, and the operating system is debian 12"},
        Gap{"PurlOfAnotherCodename",
            with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?distro=buster&upstream=b"})"),
            "", "component 3: its purl says debian 10, and the operating system is debian 12"},
        Gap{"PurlOfAnotherOsVersion", with(R"({"type":"library","name":"b","version":"1",
                     "purl":"pkg:deb/debian/b@1?os_name=debian&os_version=11&upstream=b"})"),
            "", "component 3: its purl says debian 11, and the operating system is debian 12"},
        Gap{"NoWordOnTheSource",
            with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?distro=debian-12"})"), "",
            "1 package does not say which source it was built from (b)"},
        Gap{"NoWordOnTwoSources", with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1"},
                    {"type":"library","name":"c","version":"1","purl":"pkg:deb/debian/c@1"})"),
            "", "2 packages do not say which source they were built from (first: b)"},
        Gap{"SyftsWordOnlyWhereItSaysSo",
            with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1",
                     "properties":[{"name":"syft:metadata:installedSize","value":"1"}]})"),
            "", "1 package does not say which source it was built from (b)"},
        Gap{"SyftsMetadataIsMissing",
            with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1"})"),
            R"(,"metadata":{"tools":{"components":[{"name":"syft"}]}})",
            "1 package does not say which source it was built from (b)"},
        Gap{"SyftAndSomebodyElse", with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1",
                     "properties":[{"name":"syft:metadata:installedSize","value":"1"}]})"),
            R"(,"metadata":{"tools":[{"name":"syft"},{"name":"merge"}]})",
            "1 package does not say which source it was built from (b)"},
        Gap{"TwoSources",
            with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?upstream=b&source=c"})"), "",
            "component 3: \"b\" has the purl of \"c\""},
        Gap{"PurlOfAnotherSource",
            with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?upstream=openssl%401",
                     "properties":[{"name":"initscan:source:name","value":"harmless"}]})"),
            "", "component 3: \"harmless\" has the purl of \"openssl\""},
        Gap{"UpstreamTwice",
            with(
                R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?upstream=harmless&upstream=openssl"})"),
            "", "component 3: its purl gives \"upstream\" twice, with two values"},
        Gap{"UpstreamTwiceWhateverItsCase",
            with(
                R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?upstream=b&Upstream=openssl"})"),
            "", "component 3: its purl gives \"upstream\" twice, with two values"},
        Gap{"EpochTwice",
            with(
                R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?upstream=b&epoch=5&epoch=0"})"),
            "", "component 3: its purl gives \"epoch\" twice, with two values"},
        Gap{"ArchitectureTwice",
            with(
                R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?upstream=b&arch=amd64&arch=arm64"})"),
            "", "component 3: its purl gives \"arch\" twice, with two values"},
        Gap{"EpochOfAnotherVersion",
            with(R"({"type":"library","name":"b","version":"9:1","purl":"pkg:deb/debian/b@9:1?upstream=b&epoch=0"})"),
            "", "component 3: its purl gives the epoch \"0\" of the version \"9:1\""},
        Gap{"TwoVersionsOfItsSource",
            with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?upstream=c%401",
                     "properties":[{"name":"initscan:source:version","value":"2"}]})"),
            "", "component 3: \"c 2\" has the purl of \"c 1\""},
        Gap{"SourceVersionTwice",
            with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?upstream=c",
                     "properties":[{"name":"aquasecurity:trivy:SrcVersion","value":"2"},
                                   {"name":"syft:metadata:sourceVersion","value":"1"}]})"),
            "", "component 3: \"c 2\" has the purl of \"c 1\""},
        Gap{"SourceEpochOfAnotherVersion",
            with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1?upstream=c",
                     "properties":[{"name":"aquasecurity:trivy:SrcVersion","value":"9:2"},
                                   {"name":"aquasecurity:trivy:SrcEpoch","value":"0"}]})"),
            "", "component 3: \"c 9:2\" has the purl of \"c 0:2\""},
        Gap{"ReleaseWithAVersionLikeNoOther",
            R"({"type":"operating-system","name":"debian","version":")" + std::string(kMaxReleaseBytes + 1, '1') +
                R"("},{"type":"library","name":"b","version":"1","purl":"pkg:deb/b@1?upstream=b"})",
            "", "the operating system: its version is longer than 255 bytes"},
        Gap{"SaysSoItself", with("{}"), R"(,"compositions":[{"aggregate":"complete"},{"aggregate":"incomplete"}])",
            "the SBOM says that it is \"incomplete\" (compositions)"},
        Gap{"DoesNotKnowItself", with("{}"), R"(,"compositions":[{"aggregate":"unknown"}])",
            "the SBOM says that it is \"unknown\" (compositions)"},
        Gap{"PropertyOfALaterRelease", with("{}"), property("initscan:coverage:skipped", "9"),
            "the SBOM says \"initscan:coverage:skipped\" is \"9\", which this version does not understand"},
        Gap{"TruncatedOrNot", with("{}"), property("initscan:coverage:truncated", "perhaps"),
            "the SBOM says \"initscan:coverage:truncated\" is \"perhaps\", which this version does not understand"}),
    [](const auto& test) { return test.param.name; });

TEST(CycloneDx, OneReleaseMayBeToldMoreOrLessExactly) {
  const Sbom sbom = read(R"({"type":"operating-system","name":"debian","version":"12.6"},)" + std::string(kGood));
  EXPECT_THAT(sbom.coverage.incomplete, IsEmpty());
  EXPECT_THAT(read(std::string(kDebian) + ',' + std::string(kDebian)).coverage.incomplete, IsEmpty());
}

TEST(CycloneDx, PackagesAreFoundWhereverTheyStand) {
  const std::string nested = R"({"type":"application","name":"x","components":[)" + std::string(kGood) + "]}";
  EXPECT_EQ(read(nested).packages.size(), 1u);
  EXPECT_EQ(read("", R"(,"metadata":{"component":)" + nested + "}").packages.size(), 1u);
  EXPECT_EQ(read("", R"(,"metadata":{"component":)" + std::string(kGood) + "}").packages.size(), 1u);
}

TEST(CycloneDx, WhatTheDocumentIsAboutIsNoPartOfIt) {
  const Sbom sbom = read(kGood, R"(,"metadata":{"component":{"type":"container","name":"i","version":"sha256:00",
                                  "purl":"pkg:oci/i@sha256:00"}})");
  EXPECT_EQ(sbom.coverage.unsupported, 0u);
}

TEST(CycloneDx, APackageIsOneWhateverItIsCalled) {
  const std::string purl = R"("name":"b","version":"1","purl":"pkg:deb/debian/b@1?upstream=b"})";
  for (const char* type : {"operating-system", "container", "Library", "file", ""}) {
    const std::string component = R"({"type":")" + std::string(type) + "\"," + purl;
    EXPECT_EQ(read(component).packages.size(), 1u) << type;
    EXPECT_EQ(read("", R"(,"metadata":{"component":)" + component + "}").packages.size(), 1u) << type;
  }
}

TEST(CycloneDx, WhatNobodyMatchesCountsWhateverItIsCalled) {
  const std::string purl = R"("name":"b","version":"1","purl":"pkg:cran/b@1"})";
  for (const char* type : {"operating-system", "container"}) {
    const std::string component = R"({"type":")" + std::string(type) + "\"," + purl;
    EXPECT_EQ(read(component).coverage.unsupported, 1u) << type;
    EXPECT_EQ(read("", R"(,"metadata":{"component":)" + component + "}").coverage.unsupported, 1u) << type;
  }
}

TEST(CycloneDx, AComponentOfNoKnownTypeMayBeSoftware) {
  for (const char* component :
       {R"({"name":"b"})", R"({"type":null,"name":"b"})", R"({"type":"Library","name":"b"})",
        R"({"type":"container","name":"b"})", R"({"type":"platform","name":"b"})", R"({"type":"firmware","name":"b"})",
        R"({"type":"File","name":"b"})", R"({"type":"file","name":"b","version":"1"})"}) {
    const Coverage coverage = read(component).coverage;
    EXPECT_THAT(coverage.unmatched, ElementsAre("1 component of types that are not matched: without a purl 1"))
        << component;
  }
  for (const char* type : {"file", "application", "data", "cryptographic-asset"}) {
    EXPECT_THAT(read(R"({"type":")" + std::string(type) + R"(","name":"b"})").coverage.unmatched, IsEmpty()) << type;
  }
}

TEST(CycloneDx, SoftwareThatNobodyMatchesIsNamedByItsKind) {
  const Sbom sbom = read(R"({"type":"library","name":"a"},{"type":"application","name":"b","version":"1"},
    {"type":"application","name":"c","cpe":"cpe:2.3:a:b:c:1:*:*:*:*:*:*:*"},
    {"type":"library","name":"d","version":"1","purl":"pkg:cran/d@1"},
    {"type":"application","name":"package-lock.json"},{"type":"file","name":"/etc/passwd"})");
  EXPECT_EQ(sbom.coverage.unsupported, 4u);
  EXPECT_THAT(sbom.coverage.unmatched,
              ElementsAre("4 components of types that are not matched: cran 1, without a purl 3"));
}

struct Bad {
  const char* name;
  std::string text;
  std::string error;
};

class CycloneDxRejects : public testing::TestWithParam<Bad> {};

TEST_P(CycloneDxRejects, WithAPlace) {
  const auto sbom = read_cyclonedx(GetParam().text);
  ASSERT_FALSE(sbom);
  EXPECT_EQ(sbom.error().text, GetParam().error);
}

std::string document(std::string_view components) {
  return R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":)" + std::string(components) + '}';
}

std::string metadata(std::string_view name, std::string_view value) {
  return R"({"bomFormat":"CycloneDX","specVersion":"1.6")" + property(name, value) + '}';
}

std::string nested(std::size_t depth) {
  std::string text = "[]";
  for (std::size_t i = 0; i < depth; ++i) text = R"([{"components":)" + text + "}]";
  return document(text);
}

INSTANTIATE_TEST_SUITE_P(
    Table, CycloneDxRejects,
    testing::Values(
        Bad{"Empty", " \n", "is empty"}, Bad{"NotCycloneDx", "{}", "not CycloneDX: bomFormat is not \"CycloneDX\""},
        Bad{"LaterSpecification", R"({"bomFormat":"CycloneDX","specVersion":"2.0"})", "specVersion \"2.0\": want 1.x"},
        Bad{"NoSpecification", R"({"bomFormat":"CycloneDX","components":[]})", "specVersion \"\": want 1.x"},
        Bad{"SpecificationWithoutAMinorNumber", R"({"bomFormat":"CycloneDX","specVersion":"1."})",
            "specVersion \"1.\": want 1.x"},
        Bad{"SpecificationThatIsNoNumber", R"({"bomFormat":"CycloneDX","specVersion":"1.six"})",
            "specVersion \"1.six\": want 1.x"},
        Bad{"FormatIsNoText", R"({"bomFormat":1})", "not CycloneDX: bomFormat is not \"CycloneDX\""},
        Bad{"ComponentsTwice", R"({"bomFormat":"CycloneDX","components":[],"components":[]})",
            "components is given twice"},
        Bad{"AnArray", "[]", "not CycloneDX: not an object"},
        Bad{"ComponentsOfAnotherType", document("7"), "components: not an array"},
        Bad{"TooDeep", nested(kMaxComponentDepth), "components: nested too deeply"}),
    [](const auto& test) { return test.param.name; });

std::string package(const std::string& purl) {
  return document(R"([{"type":"library","purl":")" + purl + R"("}])");
}

const std::string kLong(kMaxNameBytes + 1, 'a');

class CycloneDxOddPart : public testing::TestWithParam<Bad> {};

TEST_P(CycloneDxOddPart, LeavesADoubt) {
  const auto sbom = read_cyclonedx(GetParam().text);
  ASSERT_TRUE(sbom) << sbom.error().text;
  EXPECT_THAT(sbom->coverage.incomplete, testing::Contains(GetParam().error));
}

INSTANTIATE_TEST_SUITE_P(
    Table, CycloneDxOddPart,
    testing::Values(
        Bad{"PurlTwice", document(R"([{"purl":"pkg:deb/a@1","purl":"pkg:deb/b@1"}])"),
            "component 1: purl is given twice"},
        Bad{"PurlIsNoText", document(R"([{"type":"library","purl":1}])"), "component 1: purl: not a string"},
        Bad{"TypeIsNoText", document(R"([{"type":1}])"), "component 1: type: not a string"},
        Bad{"VersionIsNoText", document(R"([{"type":"library","version":{}}])"), "component 1: version: not a string"},
        Bad{"PropertiesAreNoList", document(R"([{"purl":"pkg:deb/a@1","properties":{}}])"),
            "component 1: properties: not an array"},
        Bad{"ComponentIsNoObject", document("[{},7]"), "component 2: not an object"},
        Bad{"BadPurl", document(R"([{"purl":"x"}])"), "component 1: not a purl: \"x\""},
        Bad{"NoVersion", document(R"([{"purl":"pkg:deb/debian/a"}])"), "component 1: \"a\" has no version"},
        Bad{"NameWithABlank", package("pkg:deb/debian/openssl%20@1?upstream=openssl"),
            "component 1: \"openssl \" is not a package name"},
        Bad{"NameWithItsArchitecture", package("pkg:deb/debian/openssl:amd64@1?upstream=openssl"),
            "component 1: \"openssl:amd64\" is not a package name"},
        Bad{"SourceWithABlank", package("pkg:deb/debian/a@1?upstream=openssl%20"),
            "component 1: \"openssl \" is not a source package name"},
        Bad{"SourceWithItsVersion", package("pkg:deb/debian/a@1?upstream=openssl%20(3.0.9-1)"),
            "component 1: \"openssl (3.0.9-1)\" is not a source package name"},
        Bad{"SourceWithItsArchitecture", package("pkg:deb/debian/a@1?upstream=openssl:amd64"),
            "component 1: \"openssl:amd64\" is not a source package name"},
        Bad{"TwoSourcesInOneWord", package("pkg:deb/debian/a@1?upstream=b,openssl"),
            "component 1: \"b,openssl\" is not a source package name"},
        Bad{"SourceWithItsDistribution", package("pkg:deb/debian/a@1?upstream=debian/openssl"),
            "component 1: \"debian/openssl\" is not a source package name"},
        Bad{"NoSource", package("pkg:deb/debian/a@1?upstream=-"), "component 1: \"-\" is not a source package name"},
        Bad{"SourceOfApkWithABlank", package("pkg:apk/alpine/a@1?upstream=openssl%20"),
            "component 1: \"openssl \" is not a source package name"},
        Bad{"TwoSourcesOfApkInOneWord", package("pkg:apk/alpine/a@1?upstream=b,openssl"),
            "component 1: \"b,openssl\" is not a source package name"},
        Bad{"LongName", package("pkg:deb/debian/" + kLong + "@1?upstream=a"),
            "component 1: \"" + kLong.substr(0, 200) + "\": its name is longer than 255 bytes"},
        Bad{"LongVersion", package("pkg:deb/debian/a@1" + kLong + "?upstream=a"),
            "component 1: \"a\": its version is longer than 255 bytes"},
        Bad{"LongArchitecture", package("pkg:deb/debian/a@1?upstream=a&arch=" + kLong),
            "component 1: \"a\": its architecture is longer than 64 bytes"},
        Bad{"LongSource", package("pkg:apk/alpine/a@1?upstream=" + kLong),
            "component 1: \"a\": its source's name is longer than 255 bytes"},
        Bad{"LongSourceVersion", package("pkg:deb/debian/a@1?upstream=a%401" + kLong),
            "component 1: \"a\": its source's version is longer than 255 bytes"},
        Bad{"LongPath",
            document(R"([{"purl":"pkg:deb/a@1?upstream=a","properties":[{"name":"initscan:path","value":")" +
                     std::string(kMaxPathBytes + 1, 'a') + R"("}]}])"),
            "component 1: \"a\": its path is longer than 1024 bytes"},
        Bad{"SourceVersionWithControlCharacters", document(R"([{"purl":"pkg:deb/a@1?upstream=a","properties":
              [{"name":"initscan:source:version","value":"2\n"}]}])"),
            "component 1: \"a\": its source's version has control characters"},
        Bad{"OperatingSystemWithControlCharacters", document(R"([{"type":"operating-system","name":"debian\u0001"}])"),
            "the operating system: its name has control characters"},
        Bad{"OperatingSystemWithAnOddPurl", document(R"([{"type":"operating-system","name":"debian","purl":"x"}])"),
            "component 1: not a purl: \"x\""},
        Bad{"MetadataIsNoObject", R"({"bomFormat":"CycloneDX","specVersion":"1.6","metadata":[]})",
            "metadata: not an object"},
        Bad{"CoverageIsNoNumber", metadata("initscan:coverage:unreadable", "many"),
            "initscan:coverage:unreadable: \"many\" is not a number"},
        Bad{"CoverageIsTooLarge", metadata("initscan:coverage:unreadable", "99999999999999999999"),
            "initscan:coverage:unreadable: \"99999999999999999999\" is not a number"},
        Bad{"CoverageIsNegative", metadata("initscan:coverage:filesSeen", "-1"),
            "initscan:coverage:filesSeen: \"-1\" is not a number"}),
    [](const auto& test) { return test.param.name; });

TEST(CycloneDx, TheRestOfAnOddDocumentIsRead) {
  const Sbom sbom = read(with(R"(7,{"type":"library","purl":"pkg:golang/@x","components":[)" + std::string(kGood) +
                              R"(]},{"type":"library","name":"d","version":"1","purl":"pkg:deb/debian/d@1?upstream=d",
                                "properties":[{"name":1}]})"));
  ASSERT_EQ(sbom.packages.size(), 2u);  // the nested one is the same as the first
  EXPECT_EQ(sbom.packages[1].name, "d");
  EXPECT_THAT(sbom.coverage.incomplete, ElementsAre("component 3: not an object; and 2 more that cannot be read"));
}

TEST(CycloneDx, NullIsNothing) {
  const Sbom sbom = read(R"({"type":"operating-system","name":"debian","version":"12","description":null},
    {"type":"library","name":"b","version":null,"purl":"pkg:deb/debian/b@1?upstream=b","properties":null,"components":null})");
  EXPECT_EQ(sbom.packages.size(), 1u);
  EXPECT_THAT(sbom.coverage.incomplete, IsEmpty());
}

TEST(CycloneDx, AByteOrderMarkIsNoPartOfIt) {
  const auto sbom = read_cyclonedx("\xef\xbb\xbf" + write_cyclonedx(sample()));
  ASSERT_TRUE(sbom) << sbom.error().text;
  EXPECT_EQ(*sbom, sample());
}

TEST(CycloneDx, APackageThatIsToldTwiceIsOne) {
  EXPECT_EQ(read(std::string(kGood) + ',' + std::string(kGood)).packages.size(), 1u);
}

TEST(CycloneDx, SyftLeavesOutASourceOfThePackagesOwnName) {
  for (const char* tools : {R"([{"vendor":"anchore","name":"syft"}])", R"({"components":[{"name":"syft"}]})"}) {
    const Sbom sbom = read(with(R"({"type":"library","name":"b","version":"1","purl":"pkg:deb/debian/b@1",
                                    "properties":[{"name":"syft:metadata:installedSize","value":"1"}]},
                                   {"type":"library","name":"c","version":"1","purl":"pkg:deb/debian/c@1",
                                    "properties":[{"name":"syft:metadata:source","value":"d"},
                                                  {"name":"syft:metadata:sourceVersion","value":"2"}]})"),
                           R"(,"metadata":{"tools":)" + std::string(tools) + "}");
    EXPECT_THAT(sbom.coverage.incomplete, IsEmpty()) << tools;
    ASSERT_EQ(sbom.packages.size(), 3u);
    EXPECT_EQ(sbom.packages[1].source_name, "b");
    EXPECT_EQ(sbom.packages[2].source_name, "d");
    EXPECT_EQ(sbom.packages[2].source_version, "2");
  }
}

TEST(CycloneDx, TruncatedAnywhereIsAnError) {
  const std::string whole = write_cyclonedx(sample());
  for (std::size_t n = 0; n + 2 < whole.size(); ++n) EXPECT_FALSE(read_cyclonedx(whole.substr(0, n))) << n;
}

}  // namespace
}  // namespace initscan
