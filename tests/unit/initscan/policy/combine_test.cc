#include "initscan/policy/combine.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

using namespace std::chrono_literals;
constexpr std::chrono::sys_seconds kMade = std::chrono::sys_days(2026y / 6 / 1);

Exemption until(std::string end) {
  return {"CVE-1", "", "not reachable", std::move(end)};
}

TEST(Stricter, ANamespaceTightens) {
  Policy cluster;
  cluster.name = "cluster";
  cluster.only_fixed = true;
  cluster.unknown_severity = Reaction::warn;
  Policy own;
  own.fail_on = Severity::low;
  own.on_unreadable = Reaction::deny;
  const Policy both = stricter(cluster, own);
  EXPECT_EQ(both.name, "cluster");
  EXPECT_EQ(both.fail_on, Severity::low);
  EXPECT_EQ(both.unknown_severity, Reaction::deny);
  EXPECT_EQ(both.on_unreadable, Reaction::deny);
  EXPECT_FALSE(both.only_fixed);
}

TEST(Stricter, TakesWhatEachAsksForMost) {
  Policy cluster;
  cluster.on_nothing_found = Reaction::allow;
  cluster.on_unmatched = Reaction::allow;
  cluster.on_end_of_life = Reaction::warn;
  Policy own = mildest();
  own.on_nothing_found = Reaction::warn;
  own.on_unmatched = own.on_stale_data = own.on_end_of_life = Reaction::deny;
  own.stale_after_days = 2;
  cluster.on_unavailable = Unavailable::allow;
  own.on_unavailable = Unavailable::local;
  const Policy both = stricter(cluster, own);
  EXPECT_EQ(both.on_nothing_found, Reaction::warn);
  EXPECT_EQ(both.on_unmatched, Reaction::deny);
  EXPECT_EQ(both.on_stale_data, Reaction::deny);
  EXPECT_EQ(both.on_end_of_life, Reaction::deny);
  EXPECT_EQ(both.stale_after_days, 2);
  EXPECT_EQ(both.on_unavailable, Unavailable::local);
}

TEST(Stricter, TheMildestTightensNothing) {
  EXPECT_EQ(stricter(Policy{}, mildest()), Policy{});
  EXPECT_EQ(stricter(mildest(), mildest()), mildest());
}

TEST(Stricter, ANamespaceLoosensNothing) {
  Policy cluster;
  cluster.fail_on = Severity::medium;
  cluster.on_unreadable = cluster.require_digest = Reaction::deny;
  Policy own;
  own.enforcement = Enforcement::report;
  own.fail_on = Severity::critical;
  own.unknown_severity = own.on_unreadable = own.on_incomplete = own.on_no_data = Reaction::warn;
  own.on_nothing_found = own.on_unmatched = own.on_stale_data = own.on_end_of_life = Reaction::allow;
  own.stale_after_days = 100;
  own.on_unavailable = Unavailable::allow;
  own.require_digest = Reaction::allow;
  own.debug_images = {"example/more@sha256:1"};
  own.only_fixed = true;
  own.ignore.push_back(until("2027-01-01T00:00:00Z"));
  EXPECT_EQ(stricter(cluster, own), cluster);
}

TEST(Stricter, NarrowsTheImagesForDebugging) {
  Policy cluster;
  cluster.debug_images = {"a", "b"};
  Policy own;
  EXPECT_EQ(stricter(cluster, own).debug_images, cluster.debug_images) << "it says nothing";
  own.debug_images = {"b", "c"};
  EXPECT_EQ(stricter(cluster, own).debug_images, std::vector<std::string>{"b"});
  own.debug_images.emplace();
  EXPECT_EQ(stricter(cluster, own).debug_images, std::vector<std::string>{}) << "it wants none";
  EXPECT_EQ(stricter(Policy{}, own).debug_images, std::nullopt);
}

TEST(AddExemption, NeedsThePolicysLeave) {
  Policy policy;
  EXPECT_EQ(add_exemption(policy, until("2026-06-02T00:00:00Z"), kMade, {}),
            "the policy \"default\" does not let namespaces exempt anything");
  EXPECT_TRUE(policy.ignore.empty());
}

TEST(AddExemption, IsNoLongerAndNoWorseThanTheRulesAllow) {
  Policy policy;
  const ExemptionRules rules{true, Severity::medium, std::chrono::days(30)};
  EXPECT_EQ(add_exemption(policy, until("2026-07-02T00:00:00Z"), kMade, rules),
            "it lasts longer than the 30 days that the policy \"default\" allows");
  EXPECT_EQ(add_exemption(policy, until("2026-07-01T00:00:00Z"), kMade, rules), std::nullopt);
  ASSERT_EQ(policy.ignore.size(), 1u);
  EXPECT_EQ(policy.ignore[0].max_severity, Severity::medium);
}

}  // namespace
}  // namespace initscan
