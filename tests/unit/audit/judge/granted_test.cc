#include "audit/judge/granted.h"

#include "tests/unit/audit/judge/build.h"

namespace initscan::audit {
namespace {

using build::found;
using build::kNow;
using build::workload;
using Strings = std::vector<std::string>;

ScanExemption exemption(std::string check, int days = 10) {
  ScanExemption made;
  made.namespace_ = "shop";
  made.name = "legacy";
  made.wanted.check = std::move(check);
  made.wanted.reason = "2.4 brings it";
  made.wanted.expires_at = format_rfc3339(kNow + std::chrono::days(days));
  made.made = kNow - std::chrono::days(1);
  return made;
}

ScanPolicy policy(ExemptionRules rules, std::string name = "default") {
  ScanPolicy made;
  made.accepts.name = std::move(name);
  made.rules = rules;
  return made;
}

const ExemptionRules kAllowed{true, Severity::high, std::chrono::days(30)};

ClusterFacts cluster(std::vector<ScanExemption> exemptions, const ScanPolicy& policy) {
  ClusterFacts made = build::empty_cluster();
  (*made.namespaces.value)["shop"] = {};
  made.exemptions.value = std::move(exemptions);
  made.scan_policies.value.emplace();
  (*made.scan_policies.value)[policy.accepts.name] = policy;
  return made;
}

// What became of one failure of writable-root in shop, and what is said.
struct Judged {
  std::string exception;
  Strings warnings;
};

Judged judged(const ClusterFacts& facts) {
  GrantedExceptions granted(facts, kNow);
  Workload made = workload("web", {found("writable-root")});
  granted.apply(made);
  return {std::string(made.results[0].exception), granted.warnings()};
}

TEST(Granted, AcceptsTheCheckInItsNamespace) {
  const ClusterFacts facts = cluster({exemption("writable-root")}, policy(kAllowed));
  const Judged got = judged(facts);
  EXPECT_EQ(got.exception, "accepted until 2026-06-11T00:00:00Z: 2.4 brings it (ScanExemption shop/legacy)");
  EXPECT_EQ(got.warnings, Strings{});
  const std::vector<Exception> all = GrantedExceptions(facts, kNow).all();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].namespace_, "shop");
  EXPECT_EQ(all[0].granted_by, "ScanExemption shop/legacy");

  GrantedExceptions granted(facts, kNow);
  Workload other = workload("web", {found("writable-root")});
  other.namespace_ = "bank";
  granted.apply(other);
  EXPECT_FALSE(other.results[0].is_accepted());
  Workload another_check = workload("web", {found("seccomp")});
  granted.apply(another_check);
  EXPECT_FALSE(another_check.results[0].is_accepted());
  EXPECT_EQ(granted.warnings(), Strings{"the exception of writable-root in shop (ScanExemption shop/legacy) matches "
                                        "nothing: correct or remove it"});
}

TEST(Granted, WhatTheAuditsPolicyAcceptsStaysAsItSays) {
  const ClusterFacts facts = cluster({exemption("writable-root")}, policy(kAllowed));
  GrantedExceptions granted(facts, kNow);
  Workload made = workload("web", {found("writable-root")});
  made.results[0].exception = "accepted by the policy";
  granted.apply(made);
  EXPECT_EQ(made.results[0].exception, "accepted by the policy");
  EXPECT_EQ(granted.warnings(), Strings{}) << "it is about something";
}

struct Refused {
  const char* name;
  ClusterFacts facts;
  std::string warning;
};

class GrantsNothing : public testing::TestWithParam<Refused> {};

TEST_P(GrantsNothing, AndSaysWhy) {
  const Judged got = judged(GetParam().facts);
  EXPECT_EQ(got.exception, "");
  EXPECT_EQ(got.warnings, Strings{GetParam().warning});
}

ClusterFacts with(ClusterFacts facts, void (*change)(ClusterFacts&)) {
  change(facts);
  return facts;
}

ScanExemption but(ScanExemption made, void (*change)(ScanExemption&)) {
  change(made);
  return made;
}

INSTANTIATE_TEST_SUITE_P(
    Table, GrantsNothing,
    testing::Values(
        Refused{"WithoutLeave", cluster({exemption("writable-root")}, policy({})),
                "ScanExemption shop/legacy accepts nothing: the policy \"default\" does not let namespaces exempt "
                "anything"},
        Refused{"ForTooLong", cluster({exemption("writable-root", 60)}, policy(kAllowed)),
                "ScanExemption shop/legacy accepts nothing: it lasts longer than the 30 days that the policy "
                "\"default\" allows"},
        Refused{"WhatIsWorseThanThePolicyLets",
                cluster({exemption("writable-root")}, policy({true, Severity::low, std::chrono::days(30)})),
                "ScanExemption shop/legacy accepts nothing: writable-root is medium, worse than the low that it may "
                "accept"},
        Refused{"WhatIsWorseThanItSaysItself",
                cluster({but(exemption("writable-root"), [](auto& e) { e.wanted.max_severity = Severity::low; })},
                        policy(kAllowed)),
                "ScanExemption shop/legacy accepts nothing: writable-root is medium, worse than the low that it may "
                "accept"},
        Refused{"OnceItHasEnded", cluster({exemption("writable-root", 0)}, policy(kAllowed)),
                "the exception of writable-root in shop (ScanExemption shop/legacy) ended at 2026-06-01T00:00:00Z: "
                "what it accepted counts again; renew or remove it"},
        Refused{"ForACheckThatIsNone", cluster({exemption("mutable-root")}, policy(kAllowed)),
                "ScanExemption shop/legacy accepts nothing: there is no check \"mutable-root\""},
        Refused{"ForEveryCheck", cluster({exemption("*")}, policy(kAllowed)),
                "ScanExemption shop/legacy accepts nothing: there is no check \"*\""},
        Refused{
            "ForAPackage",
            cluster({but(exemption("writable-root"), [](auto& e) { e.wanted.package = "openssl"; })}, policy(kAllowed)),
            "ScanExemption shop/legacy accepts nothing: a finding of the audit has neither id nor package: name only "
            "the check"},
        Refused{"ThatCannotBeRead",
                cluster({but(exemption("writable-root"),
                             [](auto& e) { e.problem = "ScanExemption shop/legacy: 1: no reason"; })},
                        policy(kAllowed)),
                "ScanExemption shop/legacy: 1: no reason: it accepts nothing"},
        Refused{"WhereNoPolicyIs", cluster({exemption("writable-root")}, policy(kAllowed, "strict")),
                "ScanExemption shop/legacy accepts nothing: there is no ClusterScanPolicy \"default\" that would allow "
                "it"},
        Refused{
            "WhereItsNamespaceNamesOneThatIsNot",
            with(cluster({exemption("writable-root")}, policy(kAllowed)),
                 [](auto& facts) { (*facts.namespaces.value)["shop"].annotations["initscan.io/policy"] = "none"; }),
            "ScanExemption shop/legacy accepts nothing: there is no ClusterScanPolicy \"none\" that would allow it"},
        Refused{"WherePoliciesCouldNotBeRead",
                with(cluster({exemption("writable-root")}, policy(kAllowed)),
                     [](auto& facts) {
                       facts.scan_policies = {std::nullopt, "403 Forbidden"};
                     }),
                "ScanExemption shop/legacy accepts nothing: which policy applies in its namespace is not known: 403 "
                "Forbidden"},
        Refused{"WhereNamespacesCouldNotBeRead",
                with(cluster({exemption("writable-root")}, policy(kAllowed)),
                     [](auto& facts) {
                       facts.namespaces = {std::nullopt, "403 Forbidden"};
                     }),
                "ScanExemption shop/legacy accepts nothing: which policy applies in its namespace is not known: 403 "
                "Forbidden"},
        Refused{"WhereThePolicyCannotBeRead",
                with(cluster({exemption("writable-root")}, policy(kAllowed)),
                     [](auto& facts) {
                       (*facts.scan_policies.value)["default"].problem = "ClusterScanPolicy default: 1: no mapping";
                       facts.exemptions.value->clear();
                     }),
                "ClusterScanPolicy default: 1: no mapping: it accepts nothing"}),
    [](const auto& test) { return test.param.name; });

TEST(Granted, APolicyHoldsWhereItIsNamed) {
  ScanPolicy strict = policy({}, "strict");
  strict.accepts.ignore.push_back(exemption("writable-root").wanted);
  ClusterFacts facts = cluster({}, strict);
  EXPECT_EQ(judged(facts).exception, "") << "shop has the default";
  (*facts.namespaces.value)["shop"].annotations["initscan.io/policy"] = "strict";
  EXPECT_EQ(judged(facts).exception, "accepted until 2026-06-11T00:00:00Z: 2.4 brings it (ClusterScanPolicy strict)");
}

TEST(Granted, NothingIsSaidWhereNothingCouldBeRead) {
  const Judged got = judged(build::empty_cluster());
  EXPECT_EQ(got.exception, "");
  EXPECT_EQ(got.warnings, Strings{}) << "the gap says it";
}

TEST(Granted, WarningsAreBounded) {
  std::vector<ScanExemption> many;
  for (int i = 0; i < 250; ++i) {
    many.push_back(exemption(i % 2 == 0 ? "no-such-check" : "writable-root", 0));
    many.back().name += std::to_string(i);
  }
  const Strings warnings = judged(cluster(many, policy(kAllowed))).warnings;
  ASSERT_EQ(warnings.size(), kMaxGrantWarnings + 1);
  EXPECT_EQ(warnings.back(), "150 more of initscan's objects accept nothing");
}

}  // namespace
}  // namespace initscan::audit
