#include "tests/unit/initscan/advisory/feed/parsed.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

FeedRecord one(const std::string& fields) {
  Parsed result = parsed(parse_redhat_cve, R"({"name":"CVE-2024-1",)" + fields + "}");
  EXPECT_EQ(result.error, "");
  return result.records.empty() ? FeedRecord{} : std::move(result.records[0]);
}

AffectedPackage said(const std::string& name, AdvisoryStatus status, const std::string& fixed = "") {
  AffectedPackage affected{"Red Hat:8", name, {{"", fixed, ""}}};
  affected.status = status;
  affected.scope.cpes = {"cpe:/o:redhat:enterprise_linux:8"};
  return affected;
}

TEST(RedHatCve, ReadsFixesBySourcePackage) {
  const FeedRecord record = one(R"("threat_severity":"Important","public_date":"2024-01-01T00:00:00Z",
    "bugzilla":{"description":"A flaw"},"cvss3":{"cvss3_scoring_vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"},
    "affected_release":[{"cpe":"cpe:/o:redhat:enterprise_linux:8","package":"bind-32:9.11.36-8.el8"}])");
  Advisory want;
  want.id = "CVE-2024-1";
  want.severity = Severity::high;
  want.cvss = 7.5;
  want.published = "2024-01-01T00:00:00Z";
  want.summary = "A flaw";
  want.affected = {said("bind", AdvisoryStatus::affected, "32:9.11.36-8.el8")};
  EXPECT_EQ(record.id, "CVE-2024-1");
  EXPECT_EQ(record.advisories, std::vector<Advisory>{want});
}

// What a state of the package python-lxml says, or why it is counted.
std::string state(const std::string& words, const std::string& package = "python-lxml") {
  const FeedRecord record = one(R"("package_state":{"cpe":"cpe:/o:redhat:enterprise_linux:8","fix_state":")" + words +
                                R"(","package_name":")" + package + R"("})");
  if (record.advisories.at(0).affected.empty()) return record.skipped.at(0);
  const AffectedPackage& affected = record.advisories[0].affected[0];
  if (!affected.unclear.empty()) return affected.unclear[0];
  EXPECT_EQ(affected.ranges, std::vector<VersionRange>{{}});
  return affected.scope.module + '/' + affected.name + ' ' + std::to_string(static_cast<int>(affected.status));
}

std::string with(AdvisoryStatus status) {
  return "/python-lxml " + std::to_string(static_cast<int>(status));
}

TEST(RedHatCve, ReadsEachState) {
  EXPECT_EQ(state("Affected"), with(AdvisoryStatus::affected));
  EXPECT_EQ(state("Fix deferred"), with(AdvisoryStatus::deferred));
  EXPECT_EQ(state("Will not fix"), with(AdvisoryStatus::will_not_fix));
  EXPECT_EQ(state("Out of support scope"), with(AdvisoryStatus::end_of_life));
  EXPECT_EQ(state("Not affected"), with(AdvisoryStatus::not_affected));
  EXPECT_EQ(state("Under investigation"), with(AdvisoryStatus::under_investigation));
  EXPECT_EQ(state("New"), with(AdvisoryStatus::under_investigation));
  EXPECT_EQ(state("Odd"), "a state that is not known");
  EXPECT_EQ(state("Affected", "python38:3.8/python-lxml"), "python38:3.8" + with(AdvisoryStatus::affected));
  EXPECT_EQ(state("Affected", "rhel8/python-lxml"), "a container image");
  EXPECT_EQ(state("Affected", ""), "no package");
}

std::string fix(const std::string& cpe, const std::string& package) {
  const FeedRecord record = one(R"("affected_release":[{"cpe":")" + cpe + R"(","package":")" + package + R"("}])");
  return record.skipped.empty() ? record.advisories.at(0).affected.at(0).ecosystem : record.skipped[0];
}

TEST(RedHatCve, CountsFixesOfOtherThings) {
  EXPECT_EQ(fix("cpe:/a:redhat:rhel_eus:9.0", "a-1-1.el9"), "Red Hat:9");
  EXPECT_EQ(fix("cpe:/a:acme:thing:1", "a-1-1"), "fixed: a product without a CPE of the vendor's");
  EXPECT_EQ(fix("cpe:/o:redhat:enterprise_linux:8", "nodejs:12-8030020210304194546.229f0a1c"),
            "fixed: a whole product, module or image");
  EXPECT_EQ(fix("cpe:/o:redhat:enterprise_linux:8", ""), "fixed: no package");
}

TEST(RedHatCve, RejectsWhatIsNone) {
  EXPECT_EQ(parsed(parse_redhat_cve, "{}").error, "name: want the id of a vulnerability");
  EXPECT_EQ(parsed(parse_redhat_cve, "{").error.substr(0, 9), "not JSON:");
  EXPECT_EQ(parsed(parse_redhat_cve, "").error, "not JSON: there is nothing");
}

}  // namespace
}  // namespace initscan
