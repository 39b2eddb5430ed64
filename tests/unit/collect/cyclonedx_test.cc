#include "initscan/sbom/cyclonedx_reader.h"
#include "initscan/sbom/cyclonedx_writer.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

Sbom sample() {
  Sbom sbom;
  sbom.os = {"debian", "12", "bookworm", "Debian GNU/Linux 12 (bookworm)"};
  sbom.packages = {{PackageType::deb, "g++", "4:12+b1", "amd64", "gcc", "1.2", "var/lib/dpkg/status"},
                   {PackageType::apk, "zlib", "1.3-r0", "x86_64", "zlib", "1.3-r0", "lib/apk/db/installed"}};
  sbom.coverage = {7, 6, 5, 4, true, {"a: broken \"here\"", "b: ünd da\n"}};
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
  const auto sbom = read_cyclonedx(R"({"bomFormat":"CycloneDX","components":[
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

TEST(CycloneDx, ReadsSyftsUpstream) {
  const auto sbom = read_cyclonedx(R"({"bomFormat":"CycloneDX","components":[
    {"type":"library","name":"libgcc-s1","version":"12","purl":"pkg:deb/debian/libgcc-s1@12?arch=amd64&distro=debian-12&upstream=gcc-12%4012.2"},
    {"type":"library","name":"a","version":"1","purl":"pkg:apk/alpine/a@1?upstream=b"},
    {"type":"library","name":"x","version":"1","purl":"pkg:npm/x@1"},
    {"type":"file","name":"/etc/passwd"}]})");
  ASSERT_TRUE(sbom) << sbom.error().text;
  EXPECT_EQ(sbom->os.id, "debian");
  ASSERT_EQ(sbom->packages.size(), 2u);
  EXPECT_EQ(sbom->packages[0].source_name, "gcc-12");
  EXPECT_EQ(sbom->packages[0].source_version, "12.2");
  EXPECT_EQ(sbom->packages[1].source_name, "b");
  EXPECT_EQ(sbom->packages[1].source_version, "1");
  EXPECT_EQ(sbom->coverage.unsupported, 1u);
}

struct Bad {
  const char* name;
  std::string text;
  std::string_view error;
};

class CycloneDxRejects : public testing::TestWithParam<Bad> {};

TEST_P(CycloneDxRejects, WithAPlace) {
  const auto sbom = read_cyclonedx(GetParam().text);
  ASSERT_FALSE(sbom);
  EXPECT_EQ(sbom.error().text, GetParam().error);
}

std::string document(std::string_view components) {
  return R"({"bomFormat":"CycloneDX","components":)" + std::string(components) + '}';
}

std::string nested(std::size_t depth) {
  std::string text = "[]";
  for (std::size_t i = 0; i < depth; ++i) text = R"([{"components":)" + text + "}]";
  return document(text);
}

INSTANTIATE_TEST_SUITE_P(
    Table, CycloneDxRejects,
    testing::Values(Bad{"Empty", " \n", "is empty"},
                    Bad{"NotCycloneDx", "{}", "not CycloneDX: bomFormat is not \"CycloneDX\""},
                    Bad{"AnArray", "[]", "not CycloneDX: not an object"},
                    Bad{"ComponentsOfAnotherType", document("7"), "components: not an array"},
                    Bad{"ComponentIsNoObject", document("[{},7]"), "component 2: not an object"},
                    Bad{"BadPurl", document(R"([{"purl":"x"}])"), "component 1: not a purl: \"x\""},
                    Bad{"NoVersion", document(R"([{"purl":"pkg:deb/debian/a"}])"), "component 1: \"a\" has no version"},
                    Bad{"TooDeep", nested(kMaxComponentDepth), "components: nested too deeply"}),
    [](const auto& test) { return test.param.name; });

TEST(CycloneDx, TruncatedAnywhereIsAnError) {
  const std::string whole = write_cyclonedx(sample());
  for (std::size_t n = 0; n + 2 < whole.size(); ++n) EXPECT_FALSE(read_cyclonedx(whole.substr(0, n))) << n;
}

}  // namespace
}  // namespace initscan
