#include "initscan/policy/judge.h"

#include "common/rfc3339.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

const auto kNow = *parse_rfc3339("2026-06-01T00:00:00Z");

Finding finding(Severity severity, std::string fixed = "2") {
  Finding f;
  f.id = "CVE-1";
  f.aliases = {"DSA-1-1"};
  f.package = {PackageType::deb, "libx1", "1", "amd64", "x", "1", "var/lib/dpkg/status"};
  f.severity = severity;
  f.fixed = std::move(fixed);
  return f;
}

Evidence evidence(std::vector<Finding> findings) {
  Evidence e{"0", "example/shop:1", {}, {}};
  e.sbom.packages = {finding(Severity::low).package};
  e.match.findings = std::move(findings);
  return e;
}

struct Case {
  const char* name;
  Policy policy;
  Finding finding;
  Status status;
};

class Judge : public testing::TestWithParam<Case> {};

TEST_P(Judge, OneFinding) {
  const Case& c = GetParam();
  const ImageVerdict verdict = judge(c.policy, kNow, evidence({c.finding}));
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(to_string(verdict.findings[0].status), to_string(c.status)) << verdict.findings[0].why;
  EXPECT_EQ(verdict.outcome, c.status == Status::blocks ? Outcome::fail : Outcome::pass);
  EXPECT_FALSE(verdict.findings[0].why.empty());
}

Policy with(void (*change)(Policy&)) {
  Policy policy;
  change(policy);
  return policy;
}

Policy ignoring(std::string id, std::string package, std::string expires_at) {
  Policy policy;
  policy.ignore.push_back({std::move(id), std::move(package), "accepted", std::move(expires_at)});
  return policy;
}

Policy exempting_check(std::string package) {
  Policy policy = ignoring("", std::move(package), "2027-01-01T00:00:00Z");
  policy.ignore[0].check = "mutable-root";
  return policy;
}

Policy ignoring_at_most(Severity most) {
  Policy policy = ignoring("CVE-1", "", "2027-01-01T00:00:00Z");
  policy.ignore[0].max_severity = most;
  return policy;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Judge,
    testing::Values(
        Case{"AtTheThreshold", {}, finding(Severity::critical), Status::blocks},
        Case{"BelowTheThreshold", {}, finding(Severity::high), Status::below_threshold},
        Case{"LowerThreshold", with([](Policy& p) { p.fail_on = Severity::low; }), finding(Severity::medium),
             Status::blocks},
        Case{"UnknownSeverityBlocks", {}, finding(Severity::unknown), Status::blocks},
        Case{"UnknownSeverityMayWarn", with([](Policy& p) { p.unknown_severity = Reaction::warn; }),
             finding(Severity::unknown), Status::below_threshold},
        Case{"NoFixBlocks", {}, finding(Severity::critical, ""), Status::blocks},
        Case{"OnlyFixed", with([](Policy& p) { p.only_fixed = true; }), finding(Severity::critical, ""),
             Status::no_fix},
        Case{"OnlyFixedAndFixed", with([](Policy& p) { p.only_fixed = true; }), finding(Severity::critical),
             Status::blocks},
        Case{"ExemptedByItsPackage", ignoring("", "libx1", "2026-06-01T00:00:01Z"), finding(Severity::critical),
             Status::exempted},
        Case{"AnExemptedCheckIsNoVulnerability", exempting_check("libx1"), finding(Severity::critical), Status::blocks},
        Case{"Exempted", ignoring("CVE-1", "", "2026-06-01T00:00:01Z"), finding(Severity::critical), Status::exempted},
        Case{"ExemptedByAlias", ignoring("DSA-1-1", "", "2027-01-01T00:00:00Z"), finding(Severity::critical),
             Status::exempted},
        Case{"ExemptedBySource", ignoring("CVE-1", "x", "2027-01-01T00:00:00Z"), finding(Severity::critical),
             Status::exempted},
        Case{"ExemptionOfAnotherPackage", ignoring("CVE-1", "y", "2027-01-01T00:00:00Z"), finding(Severity::critical),
             Status::blocks},
        Case{"ExemptionOfAnotherId", ignoring("CVE-10", "", "2027-01-01T00:00:00Z"), finding(Severity::critical),
             Status::blocks},
        Case{"ExemptedUpToItsSeverity", ignoring_at_most(Severity::critical), finding(Severity::critical),
             Status::exempted},
        Case{"WorseThanExempted", ignoring_at_most(Severity::high), finding(Severity::critical), Status::blocks},
        Case{"UnknownIsNotKnownToBeMild", ignoring_at_most(Severity::high), finding(Severity::unknown), Status::blocks},
        Case{"ExemptionEndsAtItsMoment", ignoring("CVE-1", "", "2026-06-01T00:00:00Z"), finding(Severity::critical),
             Status::blocks}),
    [](const auto& test) { return test.param.name; });

TEST(JudgeGaps, AreNeverClean) {
  Evidence incomplete = evidence({});
  incomplete.sbom.coverage.incomplete = {"var/lib/dpkg/status: cut short"};
  EXPECT_EQ(judge({}, kNow, incomplete).outcome, Outcome::undecided);

  Evidence truncated = evidence({});
  truncated.sbom.coverage.truncated = true;
  EXPECT_EQ(judge({}, kNow, truncated).outcome, Outcome::undecided);

  Evidence no_data = evidence({});
  no_data.match.undecided = {"no advisories for \"Debian:13\" in the index"};
  EXPECT_EQ(judge({}, kNow, no_data).outcome, Outcome::undecided);
  EXPECT_EQ(judge({}, kNow, no_data).undecided, no_data.match.undecided);
}

TEST(JudgeGaps, OfFilesWarnUnlessThePolicySaysDeny) {
  Evidence unreadable = evidence({});
  unreadable.sbom.coverage.unreadable = 3;
  const ImageVerdict warned = judge({}, kNow, unreadable);
  EXPECT_EQ(warned.outcome, Outcome::pass);
  EXPECT_EQ(warned.warnings, std::vector<std::string>{"3 files or directories could not be read"});

  Policy deny;
  deny.on_unreadable = Reaction::deny;
  EXPECT_EQ(judge(deny, kNow, unreadable).outcome, Outcome::undecided);
}

TEST(JudgeGaps, ComponentsThatAreNotMatchedAreCounted) {
  Evidence npm = evidence({});
  npm.sbom.coverage.unsupported = 7;
  EXPECT_EQ(judge({}, kNow, npm).warnings,
            std::vector<std::string>{"7 components of ecosystems that are not matched yet"});
}

TEST(JudgeGaps, DoNotHideAFailure) {
  Evidence both = evidence({finding(Severity::critical)});
  both.sbom.coverage.incomplete = {"x"};
  EXPECT_EQ(judge({}, kNow, both).outcome, Outcome::fail);
}

TEST(JudgeGaps, NothingToCheckIsSaid) {
  Evidence empty = evidence({});
  empty.sbom.packages.clear();
  const ImageVerdict verdict = judge({}, kNow, empty);
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_EQ(verdict.warnings.size(), 1u);
}

TEST(ExpiredExemptions, AreNamed) {
  EXPECT_EQ(expired_exemptions(ignoring("CVE-1", "x", "2026-01-01T00:00:00Z"), kNow),
            std::vector<std::string>{"the exemption of CVE-1 in x ended at 2026-01-01T00:00:00Z and no longer applies; "
                                     "renew or remove it"});
  EXPECT_TRUE(expired_exemptions(ignoring("CVE-1", "x", "2027-01-01T00:00:00Z"), kNow).empty());
}

TEST(Conclude, TakesTheWorstImage) {
  Verdict verdict;
  conclude(verdict);
  EXPECT_EQ(verdict.outcome, Outcome::undecided);
  verdict.images.resize(2);
  verdict.images[0].outcome = Outcome::pass;
  verdict.images[1].outcome = Outcome::pass;
  conclude(verdict);
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  verdict.images[0].outcome = Outcome::undecided;
  conclude(verdict);
  EXPECT_EQ(verdict.outcome, Outcome::undecided);
  verdict.images[1].outcome = Outcome::fail;
  conclude(verdict);
  EXPECT_EQ(verdict.outcome, Outcome::fail);
}

}  // namespace
}  // namespace initscan
