#include "audit/policy/policy_file.h"

#include "common/time/rfc3339.h"

#include <gmock/gmock.h>

namespace initscan::audit {
namespace {

using testing::ElementsAre;

const std::string kHead = "apiVersion: initscan.io/v1alpha1\nkind: AuditPolicy\nmetadata: {name: p}\n";

TEST(AuditPolicyFile, SaysNothingAndGetsTheDefaults) {
  for (const std::string& text : {kHead, kHead + "spec: {}\n", kHead + "spec: {podSecurityStandard: {}}\n"}) {
    const auto policy = parse_audit_policy(text);
    ASSERT_TRUE(policy) << policy.error().text;
    const AuditPolicy want;
    EXPECT_EQ(policy->name, "p");
    EXPECT_EQ(policy->max_age, want.max_age);
    EXPECT_EQ(policy->max_restarts, want.max_restarts);
    EXPECT_EQ(policy->max_write_layer_bytes, want.max_write_layer_bytes);
    EXPECT_EQ(policy->team_label, want.team_label);
    EXPECT_EQ(policy->pss_level, want.pss_level);
    EXPECT_EQ(policy->pss_version, want.pss_version);
    EXPECT_TRUE(policy->disabled_checks.empty() && policy->skip_namespaces.empty() && policy->exceptions.empty());
  }
}

TEST(AuditPolicyFile, ReadsEveryField) {
  const auto policy =
      parse_audit_policy(kHead +
                         "spec:\n"
                         "  maxAgeDays: 7\n"
                         "  maxRestarts: 0\n"
                         "  maxWriteLayerMiB: 5\n"
                         "  teamLabel: example.com/team\n"
                         "  podSecurityStandard: {level: baseline, version: v1.30}\n"
                         "  disabledChecks: [no-cpu-limit, net-raw]\n"
                         "  skipNamespaces: [kube-*]\n"
                         "  exceptions:\n"
                         "    - check: writable-root\n"
                         "      namespace: shop\n"
                         "      workload: Deployment/shop-*\n"
                         "      container: cache\n"
                         "      reason: writes its cache\n"
                         "      expiresAt: 2026-12-31T00:00:00Z\n"
                         "    - {check: '*', namespace: old, reason: r, expiresAt: 2020-01-01T00:00:00Z}\n");
  ASSERT_TRUE(policy) << policy.error().text;
  EXPECT_EQ(policy->max_age, std::chrono::days(7));
  EXPECT_EQ(policy->max_restarts, 0);
  EXPECT_EQ(policy->max_write_layer_bytes, 5u << 20);
  EXPECT_EQ(policy->team_label, "example.com/team");
  EXPECT_EQ(policy->pss_level, "baseline");
  EXPECT_EQ(policy->pss_version, "v1.30");
  EXPECT_THAT(policy->disabled_checks, ElementsAre("no-cpu-limit", "net-raw"));
  EXPECT_THAT(policy->skip_namespaces, ElementsAre("kube-*"));
  ASSERT_EQ(policy->exceptions.size(), 2u);
  const Exception& exception = policy->exceptions[0];
  EXPECT_EQ(exception.check, "writable-root");
  EXPECT_EQ(exception.namespace_, "shop");
  EXPECT_EQ(exception.workload, "Deployment/shop-*");
  EXPECT_EQ(exception.container, "cache");
  EXPECT_EQ(exception.reason, "writes its cache");
  EXPECT_EQ(format_rfc3339(exception.expires), "2026-12-31T00:00:00Z");
  EXPECT_EQ(exception.line, 13);
  EXPECT_EQ(policy->exceptions[1].line, 19);
}

struct Bad {
  const char* name;
  std::string text;
  std::string_view error;
};

class AuditPolicyFileRejects : public testing::TestWithParam<Bad> {};

TEST_P(AuditPolicyFileRejects, WithAPlace) {
  const auto policy = parse_audit_policy(GetParam().text);
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().text, GetParam().error);
}

std::string spec(std::string_view line) {
  return kHead + "spec:\n  " + std::string(line) + '\n';
}

std::string exception(std::string_view fields) {
  return spec("exceptions: [{" + std::string(fields) + "}]");
}

INSTANTIATE_TEST_SUITE_P(
    Table, AuditPolicyFileRejects,
    testing::Values(
        Bad{"Nothing", "", "no policy in it"},
        Bad{"Two", kHead + "---\n" + kHead, "5:1: a second document; want one policy"},
        Bad{"NotYaml", "{", "1:1: not YAML: end of map flow not found"},
        Bad{"AWord", "policy", "1:1: want a mapping for the policy"},
        Bad{"Kind", "apiVersion: initscan.io/v1alpha1\nkind: ScanPolicy\nmetadata: {name: p}",
            "2:7: kind is \"ScanPolicy\"; want AuditPolicy"},
        Bad{"Version", "apiVersion: v1\nkind: AuditPolicy\nmetadata: {name: p}",
            "1:13: unknown apiVersion \"v1\"; want initscan.io/v1alpha1"},
        Bad{"NoName", "apiVersion: initscan.io/v1alpha1\nkind: AuditPolicy", "1:1: the policy without metadata"},
        Bad{"UnknownKey", spec("maxAge: 30"),
            "5:3: unknown key \"maxAge\" in spec; known are maxAgeDays, maxRestarts, maxWriteLayerMiB, teamLabel, "
            "podSecurityStandard, disabledChecks, skipNamespaces, exceptions"},
        Bad{"Twice", spec("maxRestarts: 1\n  maxRestarts: 2"), "6:3: key \"maxRestarts\" is given twice in spec"},
        Bad{"Age", spec("maxAgeDays: 0"), "5:15: maxAgeDays: want a whole number from 1 to 36500, not 0"},
        Bad{"AgeInWords", spec("maxAgeDays: 30d"),
            "5:15: maxAgeDays: want a whole number from 1 to 36500, not the text \"30d\""},
        Bad{"AgeAsList", spec("maxAgeDays: [30]"), "5:15: want a single value for maxAgeDays in spec"},
        Bad{"HugeLayer", spec("maxWriteLayerMiB: 99999999999999999999"),
            "5:21: maxWriteLayerMiB: want a whole number from 0 to 1048576, not 99999999999999999999"},
        Bad{"Level", spec("podSecurityStandard: {level: Restricted}"),
            "5:32: unknown level \"Restricted\"; want one of privileged, baseline, restricted"},
        Bad{"PssVersion", spec("podSecurityStandard: {version: 1.30}"),
            "5:34: unknown version \"1.30\"; want latest, or one such as v1.30"},
        Bad{"NoSuchCheck", spec("disabledChecks: [writeable-root]"),
            "5:19: there is no check named \"writeable-root\"; initscan-audit explain lists all of them"},
        Bad{"ChecksAsWord", spec("disabledChecks: net-raw"), "5:19: want a list for disabledChecks"},
        Bad{"ExceptionsAsMap", spec("exceptions: {check: net-raw}"), "5:15: want a list for exceptions"},
        Bad{"NoReason", exception("check: net-raw, expiresAt: 2026-12-31T00:00:00Z"),
            "5:16: an exception without reason"},
        Bad{"EmptyReason", exception("check: net-raw, reason: '', expiresAt: 2026-12-31T00:00:00Z"),
            "5:16: an exception without reason"},
        Bad{"NoEnd", exception("check: net-raw, reason: r"), "5:16: an exception without expiresAt"},
        Bad{"NoTime", exception("check: net-raw, reason: r, expiresAt: 2026-12-31"),
            "5:55: expiresAt: not a time: \"2026-12-31\"; want one such as 2026-12-31T00:00:00Z"},
        Bad{"NoCheck", exception("namespace: shop, reason: r, expiresAt: 2026-12-31T00:00:00Z"),
            "5:16: an exception without check"},
        Bad{"ExceptionOfNoCheck", exception("check: all, reason: r, expiresAt: 2026-12-31T00:00:00Z"),
            "5:24: there is no check named \"all\"; initscan-audit explain lists all of them"},
        Bad{"Everything", exception("check: '*', container: c, reason: r, expiresAt: 2026-12-31T00:00:00Z"),
            "5:24: an exception from every check everywhere; name a namespace or a workload"}),
    [](const auto& test) { return test.param.name; });

TEST(AuditPolicyFile, HasLimits) {
  EXPECT_EQ(parse_audit_policy(std::string(kMaxAuditPolicyBytes + 1, ' ')).error().text,
            "larger than the limit of 1048576 bytes");
  std::string many = kHead + "spec:\n  exceptions:\n";
  for (std::size_t i = 0; i <= kMaxExceptions; ++i) many += "  - {}\n";
  const auto policy = parse_audit_policy(many);
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().code, Errc::over_limit);
  EXPECT_EQ(policy.error().text, "6:3: more than 10000 entries in exceptions");
}

}  // namespace
}  // namespace initscan::audit
