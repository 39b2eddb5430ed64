#include "initscan/policy/policy_file.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

const std::string kHead = "apiVersion: initscan.io/v1alpha1\nkind: ScanPolicy\nmetadata: {name: p}\n";

TEST(PolicyFile, SaysNothingAndGetsTheDefaults) {
  const auto policy = parse_policy(kHead);
  ASSERT_TRUE(policy) << policy.error().text;
  Policy want;
  want.name = "p";
  EXPECT_EQ(*policy, want);
  EXPECT_EQ(want.on_incomplete, Reaction::deny);
  EXPECT_EQ(want.unknown_severity, Reaction::deny);
}

TEST(PolicyFile, ReadsEveryField) {
  const auto policy = parse_policy(kHead +
                                   "spec:\n"
                                   "  enforcement: report\n"
                                   "  failOn: {severity: high, unknownSeverity: warn}\n"
                                   "  onlyFixed: true\n"
                                   "  onUnreadable: deny\n"
                                   "  onIncomplete: warn\n"
                                   "  onNoData: warn\n"
                                   "  onNothingFound: allow\n"
                                   "  onUnmatched: warn\n"
                                   "  onStaleData: deny\n"
                                   "  staleAfterDays: 30\n"
                                   "  onEndOfLife: allow\n"
                                   "  ignore:\n"
                                   "    - {id: CVE-1, package: zlib, reason: why, expiresAt: 2026-12-31T00:00:00Z,"
                                   " maxSeverity: high}\n");
  ASSERT_TRUE(policy) << policy.error().text;
  EXPECT_EQ(policy->enforcement, Enforcement::report);
  EXPECT_EQ(policy->fail_on, Severity::high);
  EXPECT_EQ(policy->unknown_severity, Reaction::warn);
  EXPECT_TRUE(policy->only_fixed);
  EXPECT_EQ(policy->on_unreadable, Reaction::deny);
  EXPECT_EQ(policy->on_incomplete, Reaction::warn);
  EXPECT_EQ(policy->on_no_data, Reaction::warn);
  EXPECT_EQ(policy->on_nothing_found, Reaction::allow);
  EXPECT_EQ(policy->on_unmatched, Reaction::warn);
  EXPECT_EQ(policy->on_stale_data, Reaction::deny);
  EXPECT_EQ(policy->stale_after_days, 30);
  EXPECT_EQ(policy->on_end_of_life, Reaction::allow);
  ASSERT_EQ(policy->ignore.size(), 1u);
  EXPECT_EQ(policy->ignore[0], (Exemption{"CVE-1", "zlib", "why", "2026-12-31T00:00:00Z", Severity::high}));
  EXPECT_EQ(policy->ignore[0].line, 17);
}

TEST(PolicyFile, WhatIsUnsaidMayComeFromAnotherPolicy) {
  Policy unsaid;
  unsaid.on_nothing_found = Reaction::allow;
  unsaid.on_no_data = Reaction::warn;
  const auto policy = parse_policy(kHead + "spec: {onNoData: deny}\n", unsaid);
  ASSERT_TRUE(policy) << policy.error().text;
  EXPECT_EQ(policy->on_nothing_found, Reaction::allow);
  EXPECT_EQ(policy->on_no_data, Reaction::deny);
}

// Its hash is in pods that another version has made: not one byte may change.
TEST(PolicyFile, HasOneCanonicalForm) {
  Policy policy;
  policy.name = "é 😀 \"\r\x7f";
  policy.debug_images = std::vector<std::string>{};
  policy.ignore = {{"CVE-1", "", "why", "2026-12-31T00:00:00Z"}};
  policy.ignore.front().max_severity = Severity::low;
  EXPECT_EQ(
      canonical_json(policy),
      R"({"apiVersion":"initscan.io/v1alpha1","kind":"ScanPolicy","metadata":{"name":"\u00e9 \ud83d\ude00 \"\r\u007f"},)"
      R"("spec":{"enforcement":"enforce","failOn":{"severity":"critical","unknownSeverity":"deny"},"onlyFixed":false,)"
      R"("onUnreadable":"warn","onIncomplete":"deny","onNoData":"deny","onNothingFound":"deny","onUnmatched":"deny",)"
      R"("onStaleData":"warn","staleAfterDays":7,"onEndOfLife":"warn","requireDigest":"allow","debugImages":[],)"
      R"("ignore":[{"id":"CVE-1","reason":"why","expiresAt":"2026-12-31T00:00:00Z","maxSeverity":"low"}]}})");
}

TEST(PolicyFile, NamesAYoungerKeyWhereItSaysSomethingNew) {
  Policy policy;
  policy.on_unavailable = Unavailable::allow;
  EXPECT_NE(canonical_json(policy).find(R"("onEndOfLife":"warn","onUnavailable":"allow","requireDigest")"),
            std::string::npos);
}

TEST(PolicyFile, SurvivesItsCanonicalForm) {
  Policy policy;
  policy.require_digest = Reaction::warn;
  policy.debug_images = {"example/busybox@sha256:" + std::string(64, '1')};
  policy.name = "quotes \" and\nlines";
  policy.fail_on = Severity::negligible;
  policy.only_fixed = true;
  policy.enforcement = Enforcement::report;
  policy.on_nothing_found = policy.on_end_of_life = Reaction::allow;
  policy.on_unmatched = Reaction::warn;
  policy.on_stale_data = Reaction::deny;
  policy.stale_after_days = 1;
  policy.on_unavailable = Unavailable::local;
  policy.ignore = {{"CVE-1", "", "ünreachable 🎉, not \\ud83d\\ude00, \x01", "2026-12-31T00:00:00Z"},
                   {"CVE-2", "a", "b", "2027-01-01T00:00:00Z", Severity::medium}};
  const std::string json = canonical_json(policy);
  EXPECT_EQ(json.find('\n'), json.npos);
  const auto again = parse_policy(json);
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(*again, policy);
  EXPECT_EQ(canonical_json(*again), json);
}

struct Bad {
  const char* name;
  std::string text;
  std::string_view error;
};

class PolicyFileRejects : public testing::TestWithParam<Bad> {};

TEST_P(PolicyFileRejects, WithAPlace) {
  const auto policy = parse_policy(GetParam().text);
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().text, GetParam().error);
}

std::string spec(std::string_view line) {
  return kHead + "spec:\n  " + std::string(line) + '\n';
}

INSTANTIATE_TEST_SUITE_P(
    Table, PolicyFileRejects,
    testing::Values(
        Bad{"Empty", "", "no policy in it"}, Bad{"OnlyAComment", "# nothing\n", "no policy in it"},
        Bad{"NeverEnding", "a: b\n--- , c\n", "2:5: not YAML: unexpected token"},
        Bad{"NotYaml", "a: [1\n", "2:1: not YAML: end of sequence flow not found"},
        Bad{"NoMapping", "[]", "1:1: want a mapping for the policy"},
        Bad{"OtherKind", "apiVersion: initscan.io/v1alpha1\nkind: Pod\n", "2:7: kind is \"Pod\"; want ScanPolicy"},
        Bad{"OtherVersion", "apiVersion: v1\nkind: ScanPolicy\n",
            "1:13: unknown apiVersion \"v1\"; want initscan.io/v1alpha1"},
        Bad{"NoName", "apiVersion: initscan.io/v1alpha1\nkind: ScanPolicy\n", "1:1: the policy without metadata"},
        Bad{"SecondDocument", kHead + "---\n" + kHead, "5:1: a second document; want one policy"},
        Bad{"UnknownKeyAtTheTop", kHead + "sepc: {}\n",
            "4:1: unknown key \"sepc\" in the policy; known are apiVersion, kind, metadata, spec"},
        Bad{"UnknownKeyInSpec", spec("failon: high"),
            "5:3: unknown key \"failon\" in spec; known are enforcement, failOn, onMalicious, onKnownExploited, "
            "onlyFixed, "
            "onUnreadable, onIncomplete, "
            "onNoData, onNothingFound, onUnmatched, onStaleData, staleAfterDays, onEndOfLife, onUnavailable, "
            "requireDigest, debugImages, ignore"},
        Bad{"KeyTwice", spec("onlyFixed: true\n  onlyFixed: false"), "6:3: key \"onlyFixed\" is given twice in spec"},
        Bad{"UnknownSeverity", spec("failOn: {severity: serious}"),
            "5:22: unknown severity \"serious\"; want one of low, medium, high, critical, negligible"},
        Bad{"NoBoolean", spec("onlyFixed: yes"), "5:14: onlyFixed: want true or false, not the text \"yes\""},
        Bad{"NoWordForAServer", spec("onUnavailable: warn"),
            "5:18: unknown onUnavailable \"warn\"; want one of deny, local, allow"},
        Bad{"NoReaction", spec("onNoData: ignore"), "5:13: unknown onNoData \"ignore\"; want one of warn, deny"},
        Bad{"NoReactionOfThree", spec("onNothingFound: ignore"),
            "5:19: unknown onNothingFound \"ignore\"; want one of warn, deny, allow"},
        Bad{"StaleAtOnce", spec("staleAfterDays: 0"),
            "5:19: staleAfterDays: want a whole number from 1 to 3650, not 0"},
        Bad{"NoReactionToTags", spec("requireDigest: yes"),
            "5:18: unknown requireDigest \"yes\"; want one of warn, deny, allow"},
        Bad{"DebugImagesAreAList", spec("debugImages: busybox"), "5:16: want a list for debugImages"},
        Bad{"DebugImageByTag", spec("debugImages: [\"busybox:1\"]"),
            "5:17: want NAME@sha256:... in debugImages, of 256 characters at most"},
        Bad{"DebugImageOfTwo", spec("debugImages: [\"a b@sha256:" + std::string(64, '1') + "\"]"),
            "5:17: want NAME@sha256:... in debugImages, of 256 characters at most"},
        Bad{"DebugImageOfNothing", spec("debugImages: [\"@sha256:" + std::string(64, '1') + "\"]"),
            "5:17: want NAME@sha256:... in debugImages, of 256 characters at most"},
        Bad{"DebugImageThatIsLong",
            spec("debugImages: [\"" + std::string(200, 'a') + "@sha256:" + std::string(64, '1') + "\"]"),
            "5:17: want NAME@sha256:... in debugImages, of 256 characters at most"},
        Bad{"TooManyDebugImages", spec("debugImages: [1, 2, 3, 4, 5, 6, 7, 8, 9]"),
            "5:16: more than 8 entries in debugImages"},
        Bad{"ListForAWord", spec("onNoData: [warn]"), "5:13: want a single value for onNoData in spec"},
        Bad{"IgnoreIsNoList", spec("ignore: CVE-1"), "5:11: want a list for ignore"},
        Bad{"IgnoreWithoutReason", spec("ignore: [{id: CVE-1, expiresAt: 2026-12-31T00:00:00Z}]"),
            "5:12: an ignore entry without reason"},
        Bad{"IgnoreWithoutExpiry", spec("ignore: [{id: CVE-1, reason: r}]"), "5:12: an ignore entry without expiresAt"},
        Bad{"IgnoreOfEverything", spec("ignore: [{reason: r, expiresAt: 2026-12-31T00:00:00Z}]"),
            "5:12: an ignore entry without id, package or check: it would accept everything"},
        Bad{"IgnoreWithAPattern", spec("ignore: [{id: CVE-2023-*, reason: r, expiresAt: 2026-12-31T00:00:00Z}]"),
            "5:12: an ignore entry for \"CVE-2023-*\": names are compared as a whole, so blanks, * and ? match "
            "nothing"},
        Bad{"IgnoreWithABlank", spec("ignore: [{id: 'CVE-1 ', reason: r, expiresAt: 2026-12-31T00:00:00Z}]"),
            "5:12: an ignore entry for \"CVE-1 \": names are compared as a whole, so blanks, * and ? match nothing"},
        Bad{"IgnoreUntilADay", spec("ignore: [{id: CVE-1, reason: r, expiresAt: 2026-12-31}]"),
            "5:46: expiresAt: not a time: \"2026-12-31\"; want one such as 2026-12-31T00:00:00Z"},
        Bad{"NoText", "apiVersion: a\nkind: \xff", "2: not text in UTF-8"},
        Bad{"TooLarge", std::string(kMaxPolicyBytes + 1, ' '), "larger than the limit of 1048576 bytes"}),
    [](const auto& test) { return test.param.name; });

TEST(PolicyFile, AnExemptionMayNameAPackageOrACheck) {
  const auto policy =
      parse_policy(spec("ignore: [{package: openssl, reason: r, expiresAt: 2026-12-31T00:00:00Z}, "
                        "{check: mutable-root, reason: r, expiresAt: 2026-12-31T00:00:00Z}]"));
  ASSERT_TRUE(policy) << policy.error().text;
  EXPECT_EQ(policy->ignore[0].package, "openssl");
  EXPECT_EQ(policy->ignore[1].check, "mutable-root");
  EXPECT_EQ(*parse_policy(canonical_json(*policy)), *policy);
}

}  // namespace
}  // namespace initscan
