#include "initscan/advisory/feed/rpm_release.h"
#include "tests/unit/initscan/advisory/feed/parsed.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

std::string update(const std::string& head, const std::string& packages) {
  return "<updates><update type='security'><id>ALAS2-2018-939</id><title>kernel security update</title>"
         "<issued date='2018-01-04 00:23'/>" +
         head + "<pkglist><collection short='amazon-linux-2'><name>Amazon Linux 2</name>" + packages +
         "</collection></pkglist></update></updates>";
}

std::string package(const std::string& name, const std::string& release, const std::string& architecture,
                    const std::string& epoch = "0") {
  return "<package name='" + name + "' version='4.9' release='" + release + "' epoch='" + epoch + "' arch='" +
         architecture + "'><filename>Packages/k.rpm</filename></package>";
}

const std::string kCve = "<references><reference id='CVE-2017-5715' type='cve'/></references>";

FeedRecord one(const std::string& xml) {
  Parsed result = parsed(parse_updateinfo, xml);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.records.size(), 1u);
  return result.records.empty() ? FeedRecord{} : std::move(result.records[0]);
}

TEST(Updateinfo, ReadsAnUpdate) {
  const FeedRecord record =
      one(update("<updated date='2018-01-05 10:11:12'/><severity>critical</severity>" + kCve,
                 package("kernel", "38.amzn2", "x86_64") + package("kernel", "38.amzn2", "aarch64") +
                     package("kernel-doc", "38.amzn2", "noarch", "1")));
  EXPECT_EQ(record.id, "ALAS2-2018-939");
  EXPECT_EQ(record.modified, "2018-01-05T10:11:12Z");
  Advisory want;
  want.id = "ALAS2-2018-939";
  want.upstream = {"CVE-2017-5715"};
  want.severity = Severity::critical;
  want.published = "2018-01-04T00:23:00Z";
  want.summary = "kernel security update";
  AffectedPackage kernel{"Amazon:2", "kernel", {{"", "4.9-38.amzn2", ""}}};
  kernel.scope.architectures = {"x86_64", "aarch64"};
  want.affected = {kernel, {"Amazon:2", "kernel-doc", {{"", "1:4.9-38.amzn2", ""}}}};
  EXPECT_EQ(record.advisories, std::vector<Advisory>{want});
  EXPECT_EQ(record.skipped, std::vector<std::string>{"one more architecture of a package"});
}

TEST(Updateinfo, ReadsCvesInTheHeadingsOfBugs) {
  const FeedRecord record = one(
      update("<references><reference id='2268' type='bugzilla' title='CVE-2024-1 CVE-2024-22: a flaw (CVE-2024-1)'/>"
             "<reference id='2269' type='bugzilla' title='CVE- CVE-2024 and CVE-2024-'/></references>",
             package("a", "1.fc40", "src")));
  EXPECT_EQ(record.advisories.at(0).upstream, (std::vector<std::string>{"CVE-2024-1", "CVE-2024-22"}));
  EXPECT_EQ(record.advisories[0].affected.at(0).ecosystem, "Fedora:40");
}

TEST(Updateinfo, ReadsTheStreamOfAModule) {
  const FeedRecord record =
      one(update(kCve, "<module name='nodejs' stream='16' version='80' context='ad' arch='x86_64'/>" +
                           package("npm", "1.module_f40.fc40", "x86_64")));
  EXPECT_EQ(record.advisories.at(0).affected.at(0).scope.module, "nodejs:16");
}

TEST(Updateinfo, CountsWhatSaysNothing) {
  EXPECT_EQ(one(update(kCve, package("a", "1.el9", "x86_64"))).skipped,
            std::vector<std::string>{"a build for no release that is known"});
  EXPECT_EQ(one(update(kCve, package("", "1.fc40", "x86_64"))).skipped,
            std::vector<std::string>{"a build without name or version"});
  EXPECT_EQ(one("<updates><update type='bugfix'><id>A</id></update></updates>").skipped,
            std::vector<std::string>{"an update that fixes no vulnerability"});
}

TEST(Updateinfo, RejectsWithALine) {
  EXPECT_EQ(parsed(parse_updateinfo, "<updates>\n<update/></updates>").error, "2: an update without id");
  EXPECT_EQ(parsed(parse_updateinfo, "<updates>").error, "1: not XML: no element found");
}

TEST(RpmRelease, IsInTheMarkOfABuild) {
  EXPECT_EQ(ecosystem_of_build("16.amzn2023.0.1"), "Amazon:2023");
  EXPECT_EQ(ecosystem_of_build("38.79.amzn2"), "Amazon:2");
  EXPECT_EQ(ecosystem_of_build("1.fc40"), "Fedora:40");
  EXPECT_EQ(ecosystem_of_build("7.88.1-4.ph5"), "Photon OS:5.0");
  for (const char* const none : {"", "1.el9", "1.fc", "1.fcx", "1.fc40x", "amzn", "1.phone2"})
    EXPECT_EQ(ecosystem_of_build(none), "") << none;
}

}  // namespace
}  // namespace initscan
