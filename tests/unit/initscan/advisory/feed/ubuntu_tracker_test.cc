#include "tests/unit/initscan/advisory/feed/parsed.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

const std::string kHead =
    "PublicDateAtUSN: 2024-01-02\nCandidate: CVE-2024-1\nPublicDate: 2024-01-02 10:00:00 UTC\nReferences:\n"
    " https://example.org/a:b_c: d\nDescription:\n A flaw\nPriority: medium\n Because\n";

FeedRecord one(const std::string& statements) {
  Parsed result = parsed(parse_ubuntu_tracker, kHead + statements);
  EXPECT_EQ(result.error, "");
  return result.records.empty() ? FeedRecord{} : std::move(result.records[0]);
}

struct Case {
  const char* name;
  std::string statement;
  AffectedPackage want;
};

AffectedPackage said(AdvisoryStatus status, std::vector<VersionRange> ranges, const std::string& flavour = "") {
  AffectedPackage affected{"Ubuntu:16.04:LTS", "wayland", std::move(ranges)};
  affected.status = status;
  affected.scope.flavour = flavour;
  return affected;
}

AffectedPackage unclear(const std::string& words) {
  AffectedPackage affected{"Ubuntu:16.04:LTS", "wayland", {}};
  affected.unclear = {words};
  return affected;
}

class UbuntuTracker : public testing::TestWithParam<Case> {};

TEST_P(UbuntuTracker, Reads) {
  const FeedRecord record = one(GetParam().statement + "\n");
  EXPECT_EQ(record.id, "CVE-2024-1");
  ASSERT_EQ(record.advisories.size(), 1u);
  EXPECT_EQ(record.advisories[0].severity, Severity::medium);
  EXPECT_EQ(record.advisories[0].published, "2024-01-02T00:00:00Z");
  EXPECT_EQ(record.advisories[0].affected, std::vector<AffectedPackage>{GetParam().want});
}

INSTANTIATE_TEST_SUITE_P(
    Table, UbuntuTracker,
    testing::Values(
        Case{"Released", "xenial_wayland: released (1.12-1)", said(AdvisoryStatus::affected, {{"", "1.12-1", ""}})},
        Case{"ReleasedInPro", "esm-infra/xenial_wayland: released (1.12-1+esm1)",
             said(AdvisoryStatus::affected, {{"", "1.12-1+esm1", ""}}, "esm")},
        Case{"ReleasedInProBehindTheRelease", "xenial/esm_wayland: released (1.12-1+esm1)",
             said(AdvisoryStatus::affected, {{"", "1.12-1+esm1", ""}}, "esm")},
        Case{"Certified", "fips-updates/xenial_wayland: needed", said(AdvisoryStatus::affected, {{}}, "fips")},
        Case{"RealTime", "realtime/xenial_wayland: needed", said(AdvisoryStatus::affected, {{}}, "pro")},
        Case{"Needed", "xenial_wayland: needed", said(AdvisoryStatus::affected, {{}})},
        Case{"Pending", "xenial_wayland: pending (1.12-1)", said(AdvisoryStatus::affected, {{}})},
        Case{"NeedsTriage", "xenial_wayland: needs-triage", said(AdvisoryStatus::under_investigation, {{}})},
        Case{"Deferred", "xenial_wayland: deferred (2024-01-01)", said(AdvisoryStatus::deferred, {{}})},
        Case{"Ignored", "xenial_wayland: ignored (too intrusive)", said(AdvisoryStatus::will_not_fix, {{}})},
        Case{"EndOfLife", "xenial_wayland: ignored (end of standard support, was needed)",
             said(AdvisoryStatus::end_of_life, {{}})},
        Case{"NotAffected", "xenial_wayland: not-affected (code not present)",
             said(AdvisoryStatus::not_affected, {{}})},
        Case{"NoVersion", "xenial_wayland: released", unclear("the version of its fix is not given")},
        Case{"AWord", "xenial_wayland: released (soon)", unclear("the version of its fix is not given")},
        Case{"AnotherStatus", "xenial_wayland: mended", unclear("a status that is not known")}),
    [](const auto& test) { return test.param.name; });

TEST(UbuntuTracker, CountsWhatIsAboutNoRelease) {
  const FeedRecord record = one(
      "upstream_wayland: released (2)\ndevel_wayland: needed\nxenial_wayland: DNE\nbluefield/jammy_linux: needed\n");
  EXPECT_EQ(record.skipped, (std::vector<std::string>{"a release without a number", "a release without a number",
                                                      "not in that release", "a product that is not known"}));
  EXPECT_TRUE(record.advisories.at(0).affected.empty());
}

TEST(UbuntuTracker, ReadsPrioritiesAndVectors) {
  const FeedRecord record = one(
      "Priority_wayland: low\nCVSS:\n nvd: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N [7.5 HIGH]\n other: CVSS:9\n"
      "Patches_wayland:\n upstream: https://example.org\nxenial_wayland: needed\n");
  EXPECT_EQ(record.advisories.at(0).cvss, 7.5);
  EXPECT_EQ(record.advisories[0].affected.at(0).severity, Severity::low);
  EXPECT_EQ(record.notes, std::vector<std::string>{"a CVSS vector that cannot be parsed"});
}

TEST(UbuntuTracker, RejectsWithALine) {
  EXPECT_EQ(parsed(parse_ubuntu_tracker, "Candidate: CVE-1\nrubbish\n").error, "2: want KEY: VALUE");
  EXPECT_EQ(parsed(parse_ubuntu_tracker, "").error, "no Candidate: want the id of a vulnerability");
}

}  // namespace
}  // namespace initscan
