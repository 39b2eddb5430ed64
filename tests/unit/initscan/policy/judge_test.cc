#include "initscan/policy/judge.h"

#include "common/time/rfc3339.h"

#include <algorithm>

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

Finding malware(Severity severity = Severity::critical) {
  Finding f = finding(severity, "");
  f.is_malicious = true;
  return f;
}

Finding exploited(Severity severity = Severity::low, std::string fixed = "") {
  Finding f = finding(severity, std::move(fixed));
  f.exploitation = {"2021-12-10", 0.94, 0.99};
  return f;
}

const std::map<std::string, std::string> kOverlayDates{{"epss", "2026-05-31T00:00:00Z"},
                                                       {"kev", "2026-05-30T00:00:00Z"}};

// What a scan brings; sound and whole where nothing is changed.
struct Scanned {
  Sbom sbom;
  MatchResult match;
  std::string data_date = "2026-05-31T00:00:00Z";
};

Scanned scanned(std::vector<Finding> findings = {}) {
  Scanned s;
  s.sbom.os = {"debian", "12", "bookworm", ""};
  s.sbom.packages = {finding(Severity::low).package};
  s.match.findings = std::move(findings);
  s.match.checked = 1;
  s.match.overlay_dates = kOverlayDates;
  s.sbom.coverage.is_stated = true;
  return s;
}

ImageVerdict judge(const Policy& policy, const Scanned& scan) {
  Judge judge(policy, kNow);
  for (const Finding& f : scan.match.findings) judge.add(Finding(f));
  return judge.conclude("0", "example/shop:1", scan.sbom, Evidence(scan.sbom, scan.match, scan.data_date));
}

struct Case {
  const char* name;
  Policy policy;
  Finding finding;
  Status status;
};

class JudgeOne : public testing::TestWithParam<Case> {};

TEST_P(JudgeOne, BlocksOrSaysWhyNot) {
  const Case& c = GetParam();
  const ImageVerdict verdict = judge(c.policy, scanned({c.finding}));
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

// Of what is known to be exploited the policy says nothing more.
Policy likely(double threshold, bool only_fixed = false) {
  Policy policy;
  policy.on_known_exploited = Reaction::allow;
  policy.fail_on_epss = threshold;
  policy.only_fixed = only_fixed;
  policy.unknown_severity = Reaction::warn;
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
    Table, JudgeOne,
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
        Case{"MalwareBlocks", with([](Policy& p) { p.only_fixed = true; }), malware(Severity::low), Status::blocks},
        Case{"MalwareMayWarn", with([](Policy& p) { p.on_malicious = Reaction::warn; }), malware(),
             Status::below_threshold},
        Case{"MalwareMayBeAllowed", with([](Policy& p) { p.on_malicious = Reaction::allow; }), malware(),
             Status::below_threshold},
        Case{"MalwareIsExemptedAsAnything", ignoring("CVE-1", "", "2027-01-01T00:00:00Z"), malware(), Status::exempted},
        Case{"KnownExploitedBlocks", with([](Policy& p) { p.only_fixed = true; }), exploited(), Status::blocks},
        Case{"KnownExploitedMayWarn", with([](Policy& p) { p.on_known_exploited = Reaction::warn; }), exploited(),
             Status::below_threshold},
        Case{"KnownExploitedIsAsSevereAsItIs", with([](Policy& p) { p.on_known_exploited = Reaction::allow; }),
             exploited(Severity::critical), Status::blocks},
        Case{"KnownExploitedIsExemptedAsAnything", ignoring("CVE-1", "", "2027-01-01T00:00:00Z"), exploited(),
             Status::exempted},
        Case{"MalwareThatIsLetThroughIsExploitedAllTheSame", with([](Policy& p) { p.on_malicious = Reaction::allow; }),
             [] {
               Finding f = exploited();
               f.is_malicious = true;
               return f;
             }(),
             Status::blocks},
        Case{"AsLikelyAsTheThreshold", likely(0.94), exploited(), Status::blocks},
        Case{"LessLikely", likely(0.95), exploited(), Status::below_threshold},
        Case{"LikelyWithoutAFix", likely(0.5, true), exploited(), Status::no_fix},
        Case{"LikelyAndFixed", likely(0.5, true), exploited(Severity::unknown, "2"), Status::blocks},
        Case{"HowLikelyIsNotKnown", likely(0), finding(Severity::low), Status::below_threshold},
        Case{"ExemptedByItsPackage", ignoring("", "libx1", "2026-06-01T00:00:01Z"), finding(Severity::critical),
             Status::exempted},
        Case{"AnExemptedCheckIsNoVulnerability", exempting_check("libx1"), finding(Severity::critical), Status::blocks},
        Case{"Exempted", ignoring("CVE-1", "", "2026-06-01T00:00:01Z"), finding(Severity::critical), Status::exempted},
        Case{"ExemptedInSmallLetters", ignoring("cve-1", "", "2026-06-01T00:00:01Z"), finding(Severity::critical),
             Status::exempted},
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

TEST(JudgeMalware, IsShownFirstAndWarnedOf) {
  Finding later = malware();
  later.id = "MAL-2026-1";
  later.package.name = "zz";
  const auto verdict = [&](Reaction reaction) {
    Policy policy;
    policy.on_malicious = reaction;
    policy.fail_on = Severity::critical;
    return judge(policy, scanned({finding(Severity::critical), later}));
  };
  EXPECT_EQ(verdict(Reaction::deny).findings.front().finding.id, "MAL-2026-1");
  EXPECT_TRUE(verdict(Reaction::deny).warnings.empty());
  const auto warned = verdict(Reaction::warn);
  EXPECT_EQ(warned.findings_blocking, 1u);
  ASSERT_EQ(warned.warnings.size(), 1u);
  EXPECT_EQ(warned.warnings.front(),
            (Reason{ReasonId::malicious, "1 finding is malware, which the policy lets through (onMalicious)"}));
  EXPECT_TRUE(verdict(Reaction::allow).warnings.empty());
}

TEST(JudgeExploited, IsShownBeforeWhatIsWorseAndWarnedOf) {
  Finding known = exploited();
  known.id = "CVE-2";
  const auto verdict = [&](Reaction reaction) {
    Policy policy;
    policy.on_known_exploited = reaction;
    return judge(policy, scanned({finding(Severity::critical), known, malware()}));
  };
  const auto denied = verdict(Reaction::deny);
  ASSERT_EQ(denied.findings.size(), 3u);
  EXPECT_TRUE(denied.findings[0].finding.is_malicious);
  EXPECT_EQ(denied.findings[1].finding.id, "CVE-2");
  EXPECT_EQ(denied.findings[1].why, "known exploited since 2021-12-10; the policy denies it (onKnownExploited)");
  EXPECT_TRUE(denied.warnings.empty());
  const auto warned = verdict(Reaction::warn);
  EXPECT_EQ(warned.findings_blocking, 2u);
  ASSERT_EQ(warned.warnings.size(), 1u);
  EXPECT_EQ(warned.warnings.front(),
            (Reason{ReasonId::known_exploited,
                    "1 finding is known to be exploited, which the policy lets through (onKnownExploited)"}));
  EXPECT_TRUE(verdict(Reaction::allow).warnings.empty());
}

TEST(JudgeExploited, SaysWhichThresholdALikelyOneMeets) {
  const auto verdict = judge(likely(0.5), scanned({exploited()}));
  EXPECT_EQ(verdict.findings.at(0).why, "EPSS 0.94; the policy fails on 0.5 (failOn.epss)");
}

TEST(JudgeOverlay, IsMissedWhereThePolicyAsksForIt) {
  Scanned without = scanned();
  without.match.overlay_dates = {};
  EXPECT_EQ(judge({}, without).outcome, Outcome::pass) << "nobody asks";
  EXPECT_EQ(judge(likely(0.5), scanned()).outcome, Outcome::pass);
  for (const std::map<std::string, std::string>& dates :
       {std::map<std::string, std::string>{}, {{"kev", "2026-05-30T00:00:00Z"}}}) {
    without.match.overlay_dates = dates;
    const ImageVerdict verdict = judge(likely(0.5), without);
    EXPECT_EQ(verdict.outcome, Outcome::undecided);
    ASSERT_EQ(verdict.undecided.size(), 1u);
    EXPECT_EQ(verdict.undecided[0].id, ReasonId::epss_missing);
  }
}

TEST(JudgeOverlay, GrowsOldAsAdvisoriesDo) {
  const auto reasons = [](const std::string& date, Reaction reaction) {
    Policy policy;
    policy.on_stale_data = reaction;
    Scanned scan = scanned();
    scan.match.overlay_dates["kev"] = date;
    const ImageVerdict verdict = judge(policy, scan);
    std::string text;
    for (const auto* const list : {&verdict.undecided, &verdict.warnings}) {
      for (const Reason& reason : *list) text += std::string(to_string(reason.id)) + ": " + reason.sentence;
    }
    return text + (verdict.undecided.empty() ? "" : " denied");
  };
  EXPECT_EQ(reasons("2026-05-25T00:00:00Z", Reaction::deny), "");
  EXPECT_EQ(reasons("2026-05-24T00:00:00Z", Reaction::warn),
            "stale-overlay: the overlay's kev is dated 2026-05-24, 8 days ago; make the overlay again (onStaleData)");
  EXPECT_EQ(reasons("2026-05-24T00:00:00Z", Reaction::allow), "");
  EXPECT_EQ(reasons("", Reaction::deny),
            "stale-overlay: the overlay's kev has no date, so that nobody knows how old it is (onStaleData) denied");
  EXPECT_EQ(reasons("2026-06-03T00:00:00Z", Reaction::warn),
            "stale-overlay: the overlay's kev is dated 2026-06-03, which is in the future (onStaleData)");
}

TEST(JudgeOverlay, SaysUntilWhenAReleaseIsSupported) {
  const auto warnings = [](std::string id, std::string end) {
    Scanned scan = scanned();
    scan.sbom.os.id = std::move(id);
    scan.match.support_end = std::move(end);
    return judge({}, scan).warnings.size();
  };
  EXPECT_EQ(warnings("debian", ""), 0u) << "the table's own end is in 2028";
  EXPECT_EQ(warnings("debian", "2026-06-01"), 1u);
  EXPECT_EQ(warnings("debian", "2026-06-02"), 0u);
  EXPECT_EQ(warnings("fedora", "2026-01-01"), 1u) << "of which the table has nothing";
}

TEST(JudgeEvidence, IsWholeAndPasses) {
  const ImageVerdict verdict = judge({}, scanned());
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_TRUE(verdict.undecided.empty());
  EXPECT_TRUE(verdict.warnings.empty());
  EXPECT_EQ(verdict.packages, 1u);
}

TEST(JudgeDoubt, IsExemptedAsAFindingWouldBe) {
  const Finding doubt = finding(Severity::high);
  const auto accepted = [&](const Policy& policy) { return Judge(policy, kNow).accepts_doubt(doubt, "?"); };
  EXPECT_TRUE(accepted(ignoring("CVE-1", "", "2027-01-01T00:00:00Z")));
  EXPECT_TRUE(accepted(ignoring("DSA-1-1", "x", "2027-01-01T00:00:00Z")));
  EXPECT_TRUE(accepted(ignoring_at_most(Severity::high)));
  EXPECT_FALSE(accepted({}));
  EXPECT_FALSE(accepted(ignoring("CVE-1", "y", "2027-01-01T00:00:00Z")));
  EXPECT_FALSE(accepted(ignoring("CVE-10", "", "2027-01-01T00:00:00Z")));
  EXPECT_FALSE(accepted(ignoring("CVE-1", "", "2026-06-01T00:00:00Z"))) << "it has ended";
  EXPECT_FALSE(accepted(ignoring_at_most(Severity::medium)));
}

TEST(JudgeDoubt, IsToldInTheVerdict) {
  const Policy policy = ignoring("CVE-1", "", "2027-01-01T00:00:00Z");
  Judge judge(policy, kNow);
  for (std::size_t i = 0; i < 2 * kMaxReasons; ++i) EXPECT_TRUE(judge.accepts_doubt(finding(Severity::high), "why"));
  const Scanned scan = scanned();
  const ImageVerdict verdict = judge.conclude("0", "i", scan.sbom, Evidence(scan.sbom, scan.match, scan.data_date));
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  ASSERT_EQ(verdict.warnings.size(), kMaxReasons + 1);
  EXPECT_EQ(verdict.warnings[0].sentence, "exemptions accept 200 vulnerabilities that could not be decided");
  EXPECT_EQ(verdict.warnings[1].sentence, "libx1: CVE-1: why; exempted until 2027-01-01T00:00:00Z: accepted");
  EXPECT_EQ(verdict.warnings.back(), (Reason{ReasonId::doubt_accepted, "and 1 more"}));
}

// One thing that evidence can lack, its id, the sentence that says so, and the policy's key for it.
struct Lack {
  const char* name;
  ReasonId id;
  void (*take_away)(Scanned&);
  const char* sentence;
  Reaction Policy::*key;
  Reaction by_default = Reaction::deny;
};

class JudgeLack : public testing::TestWithParam<Lack> {};

TEST_P(JudgeLack, IsWhatThePolicySays) {
  const Lack& lack = GetParam();
  Scanned scan = scanned();
  lack.take_away(scan);
  EXPECT_EQ(Policy{}.*lack.key, lack.by_default);
  const std::vector<Reason> reason{{lack.id, lack.sentence}};

  Policy policy;
  policy.*lack.key = Reaction::deny;
  EXPECT_EQ(judge(policy, scan).outcome, Outcome::undecided);
  EXPECT_EQ(judge(policy, scan).undecided, reason);
  policy.*lack.key = Reaction::warn;
  EXPECT_EQ(judge(policy, scan).outcome, Outcome::pass);
  EXPECT_EQ(judge(policy, scan).warnings, reason);
  policy.*lack.key = Reaction::allow;
  EXPECT_EQ(judge(policy, scan).outcome, Outcome::pass);
  EXPECT_TRUE(judge(policy, scan).warnings.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Table, JudgeLack,
    testing::Values(
        Lack{"DamagedDatabase", ReasonId::incomplete,
             [](Scanned& s) { s.sbom.coverage.incomplete = {"var/lib/dpkg/status: cut short"}; },
             "var/lib/dpkg/status: cut short", &Policy::on_incomplete},
        Lack{"LimitOfTheWalk", ReasonId::walk_limit,
             [](Scanned& s) {
               s.sbom.coverage.truncated = true;
               s.sbom.coverage.files_seen = 7;
             },
             "the walk over the image reached a limit after 7 entries", &Policy::on_incomplete},
        Lack{"VersionThatCannotBeCompared", ReasonId::not_comparable,
             [](Scanned& s) { s.match.undecided = {"x: \"?\" is no version"}; }, "x: \"?\" is no version",
             &Policy::on_incomplete},
        Lack{"StepsUsedUp", ReasonId::match_limit, [](Scanned& s) { s.match.over_limit = {"matching took more"}; },
             "matching took more", &Policy::on_incomplete},
        Lack{"OtherReleaseThanItsPackages", ReasonId::release_contradiction,
             [](Scanned& s) {
               s.sbom.packages.push_back(
                   {PackageType::deb, "base-files", "11.1+deb11u7", "amd64", "base-files", "", ""});
             },
             "os-release says debian 12, and its package base-files 11.1+deb11u7 is of 11", &Policy::on_incomplete},
        Lack{"FilesThatMayNotBeRead", ReasonId::unreadable, [](Scanned& s) { s.sbom.coverage.unreadable = 3; },
             "3 files or directories could not be read", &Policy::on_unreadable, Reaction::warn},
        Lack{"CoverageThatNobodyStates", ReasonId::coverage_unknown,
             [](Scanned& s) { s.sbom.coverage.is_stated = false; },
             "what could not be read is not known: another tool wrote the SBOM", &Policy::on_unreadable,
             Reaction::warn},
        Lack{"NothingFound", ReasonId::nothing_found,
             [](Scanned& s) {
               s.sbom.packages.clear();
               s.match.checked = 0;
             },
             "no package was found: there was nothing to check (onNothingFound)", &Policy::on_nothing_found},
        Lack{"ForeignDatabase", ReasonId::unmatched,
             [](Scanned& s) { s.sbom.coverage.unmatched = {"nix/store: a Nix store, which is not read yet"}; },
             "nix/store: a Nix store, which is not read yet", &Policy::on_unmatched},
        Lack{"NothingButAForeignDatabase", ReasonId::unmatched,
             [](Scanned& s) {
               s.sbom.packages.clear();
               s.match.checked = 0;
               s.sbom.coverage.unmatched = {"nix/store: a Nix store, which is not read yet"};
             },
             "nix/store: a Nix store, which is not read yet", &Policy::on_unmatched},
        Lack{"ComponentsThatNobodyMatches", ReasonId::unmatched, [](Scanned& s) { s.sbom.coverage.unsupported = 7; },
             "7 components of types that are not matched", &Policy::on_unmatched},
        Lack{"PackagesThatNobodyMatches", ReasonId::unmatched,
             [](Scanned& s) { s.match.unmatched = {"deb packages of \"x\""}; }, "deb packages of \"x\"",
             &Policy::on_unmatched},
        Lack{"NoAdvisories", ReasonId::no_data,
             [](Scanned& s) { s.match.no_data = {"no advisories for \"Debian:13\""}; },
             "no advisories for \"Debian:13\"", &Policy::on_no_data},
        Lack{"NothingWasCompared", ReasonId::not_compared, [](Scanned& s) { s.match.checked = 0; },
             "no package was compared with advisories", &Policy::on_no_data},
        Lack{"OldData", ReasonId::stale_data, [](Scanned& s) { s.data_date = "2026-05-24T00:00:00Z"; },
             "the newest advisory is dated 2026-05-24, 8 days ago; rebuild the index (onStaleData)",
             &Policy::on_stale_data, Reaction::warn},
        Lack{"OldDataOfOneDistribution", ReasonId::stale_data,
             [](Scanned& s) {
               s.match.data_dates = {{"Alpine:v3.20", "2026-05-24T00:00:00Z"}, {"Debian:12", "2026-05-31T00:00:00Z"}};
             },
             "the newest advisory is dated 2026-05-24, 8 days ago; rebuild the index (onStaleData)",
             &Policy::on_stale_data, Reaction::warn},
        Lack{"DataOfTheFuture", ReasonId::undated_data, [](Scanned& s) { s.data_date = "2099-01-01T00:00:00Z"; },
             "how old the advisories are is not known: the newest is dated 2099-01-01, which is in the future "
             "(onStaleData)",
             &Policy::on_stale_data, Reaction::warn},
        Lack{"DataWithoutADate", ReasonId::undated_data, [](Scanned& s) { s.data_date.clear(); },
             "how old the advisories are is not known: no feed gives a date (onStaleData)", &Policy::on_stale_data,
             Reaction::warn},
        Lack{"EndOfLife", ReasonId::end_of_life, [](Scanned& s) { s.sbom.os.version_id = "10"; },
             "\"debian 10\" has had no support since 2024-07-01: its vulnerabilities are no longer published "
             "(onEndOfLife)",
             &Policy::on_end_of_life, Reaction::warn}),
    [](const auto& test) { return test.param.name; });

TEST(JudgeEvidence, OfNothingNeverPasses) {
  EXPECT_EQ(judge({}, Scanned{}).outcome, Outcome::undecided);
  Policy all_allowed;
  all_allowed.on_nothing_found = all_allowed.on_unmatched = all_allowed.on_stale_data = Reaction::allow;
  Scanned packages_alone;
  packages_alone.sbom.packages = {finding(Severity::low).package};
  EXPECT_EQ(judge(all_allowed, packages_alone).outcome, Outcome::undecided);
}

// An image whose packages nobody compared, because of the server.
Scanned unasked(ReasonId id) {
  Scanned scan = scanned();
  scan.match = {};
  scan.data_date.clear();
  scan.match.unavailable = Reason{id, "the server: why"};
  return scan;
}

TEST(JudgeEvidence, OfAServerThatCouldNotBeAskedPassesByThePolicysWordAlone) {
  for (const ReasonId id : {ReasonId::server_unreachable, ReasonId::server_refused, ReasonId::server_answer}) {
    Policy policy;
    const Reason reason{id, "the server: why"};
    for (const Unavailable strict : {Unavailable::deny, Unavailable::local}) {
      policy.on_unavailable = strict;
      const ImageVerdict verdict = judge(policy, unasked(id));
      EXPECT_EQ(verdict.outcome, Outcome::undecided);
      EXPECT_EQ(verdict.undecided, std::vector{reason}) << "and nothing about old advisories, of which there are none";
    }
    policy.on_unavailable = Unavailable::allow;
    const ImageVerdict allowed = judge(policy, unasked(id));
    EXPECT_EQ(allowed.outcome, Outcome::pass);
    EXPECT_EQ(allowed.warnings, std::vector{reason}) << "it is told";
    Scanned damaged = unasked(id);
    damaged.sbom.coverage.incomplete = {"cut short"};
    EXPECT_EQ(judge(policy, damaged).outcome, Outcome::undecided) << "what else is wrong counts";
    Scanned empty = unasked(id);
    empty.sbom.packages.clear();
    EXPECT_EQ(judge(policy, empty).outcome, Outcome::undecided) << "there was nothing to ask about";
  }
}

TEST(JudgeEvidence, OfAServerWithOldAdvisoriesCountsAsFarAsItGoes) {
  Policy policy;
  Scanned stale = scanned();
  stale.match.unavailable = Reason{ReasonId::server_stale, "old"};
  EXPECT_EQ(judge(policy, stale).outcome, Outcome::undecided);
  Scanned bad = scanned({finding(Severity::critical)});
  bad.match.unavailable = Reason{ReasonId::server_stale, "old"};
  EXPECT_EQ(judge(policy, bad).outcome, Outcome::fail);
  policy.on_unavailable = Unavailable::allow;
  EXPECT_EQ(judge(policy, stale).outcome, Outcome::pass);
  EXPECT_EQ(judge(policy, bad).outcome, Outcome::fail) << "its findings are no less true";
  stale.match.checked = 0;
  EXPECT_EQ(judge(policy, stale).outcome, Outcome::undecided) << "it compared nothing";
}

TEST(JudgeEvidence, OfTheLocalIndexInItsPlacePassesWithAWarning) {
  Policy policy;
  policy.on_unavailable = Unavailable::local;
  Scanned replaced = scanned();
  replaced.match.unavailable = Reason{ReasonId::server_replaced, "the local index was asked instead"};
  const ImageVerdict verdict = judge(policy, replaced);
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_EQ(verdict.warnings, std::vector{*replaced.match.unavailable});
}

TEST(TooOld, IsWhatThePolicyCaresAbout) {
  Policy policy;
  MatchResult match;
  const auto fault = [&](std::string date) { return too_old(policy, kNow, match, std::move(date)); };
  EXPECT_EQ(fault("2026-05-31T00:00:00Z"), std::nullopt);
  EXPECT_EQ(fault("2026-05-01T00:00:00Z"), "its newest advisory is dated 2026-05-01");
  EXPECT_EQ(fault(""), "its advisories have no date");
  match.data_dates = {{"Debian:12", "2026-05-02T00:00:00Z"}};
  EXPECT_EQ(fault("2026-05-31T00:00:00Z"), "its newest advisory is dated 2026-05-02") << "of this distribution";
  policy.on_stale_data = Reaction::allow;
  EXPECT_EQ(fault(""), std::nullopt);
}

TEST(JudgeEvidence, DataMayBeAsOldAsThePolicySays) {
  Policy policy;
  policy.on_stale_data = Reaction::deny;
  Scanned scan = scanned();
  scan.data_date = "2026-05-25T00:00:00Z";
  EXPECT_EQ(judge(policy, scan).outcome, Outcome::pass);
  policy.stale_after_days = 6;
  EXPECT_EQ(judge(policy, scan).outcome, Outcome::undecided);
}

TEST(JudgeGaps, AreBounded) {
  Scanned many = scanned();
  for (std::size_t i = 0; i < 5000; ++i) many.sbom.coverage.incomplete.push_back("gap " + std::to_string(i));
  const ImageVerdict verdict = judge({}, many);
  EXPECT_EQ(verdict.undecided.size(), kMaxReasons + 1);
  EXPECT_EQ(verdict.undecided.back(), (Reason{ReasonId::incomplete, "and 4900 more"}));
  EXPECT_EQ(verdict.coverage.incomplete.size(), kMaxReasons + 1);
}

TEST(JudgeGaps, OfOneKindDoNotHideAnother) {
  Scanned many = scanned();
  many.sbom.coverage.incomplete.assign(5000, "gap");
  many.match.no_data = {"no advisories"};
  const auto reasons = judge({}, many).undecided;
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), Reason{ReasonId::no_data, "no advisories"}), 1);
}

TEST(JudgeGaps, DoNotHideAFailure) {
  Scanned both = scanned({finding(Severity::critical)});
  both.sbom.coverage.incomplete = {"x"};
  EXPECT_EQ(judge({}, both).outcome, Outcome::fail);
}

TEST(JudgeFindings, AreCountedAndTheWorstAreKept) {
  const Policy policy;
  Judge many(policy, kNow);
  const std::size_t total = 3 * kMaxReportedFindings;
  for (std::size_t i = 0; i < total; ++i) {
    Finding f = finding(i == 0 || i == total - 1 ? Severity::critical : Severity::low);
    f.id = "CVE-" + std::to_string(i);
    many.add(std::move(f));
  }
  const Scanned scan = scanned();
  const ImageVerdict verdict = many.conclude("0", "x", scan.sbom, Evidence(scan.sbom, scan.match, scan.data_date));
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_EQ(verdict.findings.size(), kMaxReportedFindings);
  EXPECT_EQ(verdict.findings_total, total);
  EXPECT_EQ(verdict.findings_blocking, 2u);
  EXPECT_EQ(verdict.findings[0].finding.id, "CVE-0");
  EXPECT_EQ(verdict.findings[1].finding.id, "CVE-" + std::to_string(total - 1));
}

TEST(JudgeFindings, AreKeptWithinABoundOfBytes) {
  const Policy policy;
  Judge many(policy, kNow);
  const std::size_t total = kMaxReportedFindings - 1;
  const std::size_t bytes_of_one = 3 * 2 * kMaxReportedBytes / kMaxReportedFindings;
  for (std::size_t i = 0; i < total; ++i) {
    Finding f = finding(i == total / 2 ? Severity::critical : Severity::low);
    f.id = "CVE-" + std::to_string(i);
    f.summary.assign(bytes_of_one, 'a');
    many.add(std::move(f));
  }
  const Scanned scan = scanned();
  const ImageVerdict verdict = many.conclude("0", "x", scan.sbom, Evidence(scan.sbom, scan.match, scan.data_date));
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_EQ(verdict.findings_total, total);
  EXPECT_LE(verdict.findings.size(), kMaxReportedBytes / bytes_of_one);
  EXPECT_GE(verdict.findings.size(), kMaxReportedBytes / bytes_of_one * 9 / 10);
  EXPECT_EQ(verdict.findings[0].finding.id, "CVE-" + std::to_string(total / 2));
}

TEST(JudgeFindings, ThatBlockAreKeptBeforeWorseOnesThatDoNot) {
  Policy policy = ignoring("CVE-1", "", "2027-01-01T00:00:00Z");
  policy.fail_on = Severity::low;
  Judge many(policy, kNow);
  for (std::size_t i = 0; i < 2 * kMaxReportedFindings; ++i) many.add(finding(Severity::critical));  // exempted
  Finding blocking = finding(Severity::low);
  blocking.id = "CVE-2";
  blocking.aliases.clear();
  many.add(std::move(blocking));
  const Scanned scan = scanned();
  const ImageVerdict verdict = many.conclude("0", "x", scan.sbom, Evidence(scan.sbom, scan.match, scan.data_date));
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_EQ(verdict.findings.back().finding.id, "CVE-2");
}

TEST(ExpiredExemptions, AreNamed) {
  EXPECT_EQ(expired_exemptions(ignoring("CVE-1", "x", "2026-01-01T00:00:00Z"), kNow),
            (std::vector<Reason>{{ReasonId::exemption_expired,
                                  "the exemption of CVE-1 in x ended at 2026-01-01T00:00:00Z and no longer applies; "
                                  "renew or remove it"}}));
  EXPECT_TRUE(expired_exemptions(ignoring("CVE-1", "x", "2027-01-01T00:00:00Z"), kNow).empty());
}

TEST(UnusedExemptions, AreNamed) {
  const auto unused = [](const Policy& policy) {
    Judge judge(policy, kNow);
    judge.add(finding(Severity::critical));
    return unused_exemptions(policy, kNow, judge.used());
  };
  EXPECT_TRUE(unused(ignoring("CVE-1", "", "2027-01-01T00:00:00Z")).empty());
  EXPECT_TRUE(unused(ignoring("CVE-7", "", "2026-01-01T00:00:00Z")).empty());  // told as expired
  EXPECT_TRUE(unused(exempting_check("libx1")).empty());
  EXPECT_EQ(unused(ignoring("CVE-7", "y", "2027-01-01T00:00:00Z")),
            (std::vector<Reason>{{ReasonId::exemption_unused, "the exemption of CVE-7 in y matched nothing"}}));
  Policy twice = ignoring("CVE-1", "", "2027-01-01T00:00:00Z");
  twice.ignore.push_back(twice.ignore[0]);
  EXPECT_TRUE(unused(twice).empty());
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
