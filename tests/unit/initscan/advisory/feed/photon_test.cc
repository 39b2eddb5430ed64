#include "tests/unit/initscan/advisory/feed/parsed.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

// An entry with a score of 7.5, beside one that says the release.
std::string with_entry(const std::string& fields) {
  return R"([{"cve_id":"CVE-2023-1","pkg":"curl","res_ver":"7-1.ph4","status":"Fixed"},
    {"cve_id":"CVE-2023-2","pkg":"httpd","cve_score":7.5,)" +
         fields + "}]";
}

AffectedPackage second(const std::string& fields) {
  const Parsed result = parsed(parse_photon, with_entry(fields));
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.records.at(1).advisories.at(0).id, "CVE-2023-2");
  return result.records.at(1).advisories.at(0).affected.at(0);
}

AffectedPackage httpd(std::vector<VersionRange> ranges) {
  AffectedPackage affected{"Photon OS:4.0", "httpd", std::move(ranges)};
  affected.cvss = 7.5;
  affected.severity = Severity::high;
  return affected;
}

TEST(Photon, ReadsEachStatus) {
  EXPECT_EQ(second(R"("status":"Fixed","res_ver":"2.4-1.ph4")"), httpd({{"", "2.4-1.ph4", ""}}));
  AffectedPackage spared = httpd({{}});
  spared.status = AdvisoryStatus::not_affected;
  EXPECT_EQ(second(R"("status":"Not Affected","res_ver":"NA")"), spared);
  AffectedPackage unclear = httpd({});
  unclear.unclear = {"the version of its fix is not given"};
  EXPECT_EQ(second(R"("status":"Fixed","res_ver":"NA")"), unclear);
  unclear.unclear = {"a status that is not known"};
  EXPECT_EQ(second(R"("res_ver":"2.4-1.ph4")"), unclear);
}

TEST(Photon, RejectsWithAPlace) {
  const auto error = [](const std::string& json) { return parsed(parse_photon, json).error; };
  EXPECT_EQ(error(""), "not JSON: there is nothing");
  EXPECT_EQ(error("{}"), "want a list of vulnerabilities");
  EXPECT_EQ(error(R"([{"cve_id":"CVE-1","pkg":"a","res_ver":"NA","status":"Fixed"}])"),
            "res_ver: want a version such as 1.2-3.ph5 in one of the entries");
  EXPECT_EQ(error(R"([{"res_ver":"1-1.ph4"},{"res_ver":"1-1.ph5"}])"),
            "res_ver: of Photon OS:4.0 and of Photon OS:5.0");
  EXPECT_EQ(error(R"([{"res_ver":"1-1.ph4"}])"), "0: cve_id: want an id");
  EXPECT_EQ(error(R"([{"res_ver":"1-1.ph4","cve_id":"CVE-1"}])"), "0: CVE-1: pkg: want the name of a package");
}

}  // namespace
}  // namespace initscan
