#include "audit/collect/facts_builder.h"

#include <gmock/gmock.h>

namespace initscan::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

void add(FactsBuilder& builder, FactKind kind, std::string_view json) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(json);
  builder.add(kind, parser.parse(padded).value());
}

TEST(FactsBuilder, ReadsEachKind) {
  FactsBuilder builder;
  add(builder, FactKind::namespace_, R"({"metadata":{"name":"shop","labels":{"a":"b"},"annotations":{"c":"d"}}})");
  add(builder, FactKind::node, R"({"metadata":{"name":"w1"},"status":{
    "conditions":[{"type":"MemoryPressure","status":"False"},{"type":"Ready","status":"True"}],
    "addresses":[{"type":"Hostname","address":"w1"},{"type":"InternalIP","address":"10.0.0.1"}],
    "daemonEndpoints":{"kubeletEndpoint":{"Port":10251}},
    "nodeInfo":{"operatingSystem":"linux","kubeletVersion":"v1.36.2","containerRuntimeVersion":"containerd://2.1.4"}}})");
  add(builder, FactKind::replica_set, R"({"metadata":{"name":"web-1","namespace":"shop","uid":"r1","ownerReferences":[
    {"apiVersion":"apps/v1","kind":"Deployment","name":"web","uid":"d1","controller":true}]}})");
  add(builder, FactKind::replica_set, R"({"metadata":{"name":"alone","namespace":"shop","uid":"r2"}})");
  add(builder, FactKind::job, R"({"metadata":{"name":"nightly-1","namespace":"shop","uid":"j1","ownerReferences":[
    {"apiVersion":"batch/v1","kind":"CronJob","name":"nightly","uid":"c1","controller":true}]}})");
  add(builder, FactKind::service_account, R"({"metadata":{"name":"default","namespace":"shop"}})");
  add(builder, FactKind::service_account,
      R"({"metadata":{"name":"robot","namespace":"shop"},"automountServiceAccountToken":false})");
  add(builder, FactKind::disruption_budget, R"({"metadata":{"name":"web","namespace":"shop"},"spec":{"selector":{
    "matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"NotIn","values":["x","y"]}]}},
    "status":{"disruptionsAllowed":1}})");
  add(builder, FactKind::disruption_budget, R"({"metadata":{"name":"all","namespace":"shop"},"spec":{"selector":{}}})");
  add(builder, FactKind::disruption_budget, R"({"metadata":{"name":"none","namespace":"shop"},"spec":{}})");
  add(builder, FactKind::service,
      R"({"metadata":{"name":"web","namespace":"shop"},"spec":{"selector":{"app":"web"},"type":"ClusterIP"}})");
  add(builder, FactKind::service,
      R"({"metadata":{"name":"lb","namespace":"shop"},"spec":{"selector":{"app":"web"},"type":"LoadBalancer"}})");
  add(builder, FactKind::service,
      R"({"metadata":{"name":"np","namespace":"shop"},"spec":{"selector":{"app":"web"},"type":"NodePort"}})");
  add(builder, FactKind::service, R"({"metadata":{"name":"db","namespace":"shop"},"spec":{"selector":{"app":"db"}}})");
  add(builder, FactKind::service, R"({"metadata":{"name":"by-hand","namespace":"shop"},"spec":{}})");
  add(builder, FactKind::ingress, R"({"metadata":{"name":"i","namespace":"shop"},"spec":{"rules":[
    {"http":{"paths":[{"backend":{"service":{"name":"web"}}}]}},{"host":"x"}]}})");
  for (const FactKindNames& names : kFactKindNames) builder.known(names.kind);

  ASSERT_EQ(builder.kubelets().size(), 1u);
  EXPECT_EQ(builder.kubelets().at("w1").host + ':' + builder.kubelets().at("w1").port, "10.0.0.1:10251");
  const ClusterFacts facts = std::move(builder).finish();
  EXPECT_THAT(facts.gaps, IsEmpty());
  EXPECT_EQ(facts.namespaces->at("shop").labels, (StringMap{{"a", "b"}}));
  EXPECT_EQ(facts.namespaces->at("shop").annotations, (StringMap{{"c", "d"}}));
  const Node& node = facts.nodes->at("w1");
  EXPECT_TRUE(node.ready);
  EXPECT_EQ(node.os + ' ' + node.kubelet_version + ' ' + node.runtime_version, "linux v1.36.2 containerd://2.1.4");
  EXPECT_EQ(facts.owners->size(), 2u);
  EXPECT_EQ(facts.owners->at("r1"), (Owner{"apps/v1", "Deployment", "web", "d1"}));
  EXPECT_EQ(facts.owners->at("j1"), (Owner{"batch/v1", "CronJob", "nightly", "c1"}));
  EXPECT_EQ(*facts.token_automount, (std::map<std::pair<std::string, std::string>, bool>{{{"shop", "default"}, true},
                                                                                         {{"shop", "robot"}, false}}));
  ASSERT_EQ(facts.budgets->size(), 2u);
  const DisruptionBudget& budget = facts.budgets->front();
  EXPECT_EQ(budget.name + ' ' + budget.namespace_, "web shop");
  EXPECT_EQ(budget.disruptions_allowed, 1);
  ASSERT_EQ(budget.selector.requirements.size(), 2u);
  EXPECT_EQ(budget.selector.requirements[0].key + budget.selector.requirements[0].op, "appIn");
  EXPECT_THAT(budget.selector.requirements[0].values, ElementsAre("web"));
  EXPECT_EQ(budget.selector.requirements[1].key + budget.selector.requirements[1].op, "tierNotIn");
  EXPECT_THAT(budget.selector.requirements[1].values, ElementsAre("x", "y"));
  EXPECT_THAT(facts.budgets->back().selector.requirements, IsEmpty());
  EXPECT_EQ(facts.budgets->back().disruptions_allowed, 0);
  std::map<std::string, Exposure> exposures;
  for (const Service& service : *facts.services) exposures[service.name] = service.exposure;
  EXPECT_EQ(exposures, (std::map<std::string, Exposure>{{"web", Exposure::load_balancer},  // by its Ingress
                                                        {"lb", Exposure::load_balancer},
                                                        {"np", Exposure::node_port},
                                                        {"db", Exposure::cluster}}));
}

TEST(FactsBuilder, WhatCannotBeReadMakesItsKindUnknown) {
  FactsBuilder builder;
  add(builder, FactKind::namespace_, R"({"metadata":{"name":"shop"}})");
  add(builder, FactKind::disruption_budget, R"({"metadata":{"name":"a","namespace":"shop"},"spec":{"selector":{}}})");
  add(builder, FactKind::disruption_budget, R"({"metadata":{"name":"b","namespace":"shop"},"spec":{"selector":7}})");
  builder.known(FactKind::namespace_);
  builder.known(FactKind::disruption_budget);
  builder.unknown(FactKind::node, "GET /api/v1/nodes: 403 Forbidden");
  builder.not_given(FactKind::service, "no Service in the input");
  const ClusterFacts facts = std::move(builder).finish();
  EXPECT_TRUE(facts.namespaces);
  EXPECT_FALSE(facts.budgets);
  EXPECT_EQ(facts.budgets.why_not, "PodDisruptionBudget shop/b: spec.selector: want an object");
  EXPECT_EQ(facts.nodes.why_not, "GET /api/v1/nodes: 403 Forbidden");
  EXPECT_EQ(facts.services.why_not, "no Service in the input");
  ASSERT_EQ(facts.gaps.size(), 2u);
  EXPECT_EQ(facts.gaps[0].part + ": " + facts.gaps[0].reason, "nodes: GET /api/v1/nodes: 403 Forbidden");
  EXPECT_EQ(facts.gaps[1].part, "poddisruptionbudgets");
}

TEST(FactsBuilder, OneOfTwoKindsOfOwnersIsBetterThanNone) {
  for (const bool jobs_known : {false, true}) {
    FactsBuilder builder;
    builder.known(jobs_known ? FactKind::job : FactKind::replica_set);
    builder.unknown(jobs_known ? FactKind::replica_set : FactKind::job, "403");
    const ClusterFacts facts = std::move(builder).finish();
    EXPECT_TRUE(facts.owners);
    ASSERT_EQ(facts.gaps.size(), 1u);
  }
}

TEST(FactsBuilder, ReadsWhatIsExemptedFromChecks) {
  FactsBuilder builder;
  add(builder, FactKind::scan_exemption, R"({"metadata":{"name":"legacy","namespace":"shop",
    "creationTimestamp":"2026-05-01T00:00:00Z"},"spec":{"check":"writable-root","reason":"2.4 brings it",
    "expiresAt":"2026-07-01T00:00:00Z","maxSeverity":"medium"}})");
  add(builder, FactKind::scan_exemption, R"({"metadata":{"name":"a-cve","namespace":"shop"},
    "spec":{"id":"CVE-2024-0001","reason":"a","expiresAt":"2026-07-01T00:00:00Z"}})");
  add(builder, FactKind::scan_exemption,
      R"({"metadata":{"name":"endless","namespace":"shop"},"spec":{"check":"age","reason":"a"}})");
  add(builder, FactKind::cluster_scan_policy, R"({"metadata":{"name":"default"},"spec":{"failOn":{"severity":"high"},
    "hardening":{},"namespaceExemptions":{"allowed":true,"maxSeverity":"low","maxDays":7},"ignore":[
    {"id":"CVE-1","reason":"a","expiresAt":"2026-07-01T00:00:00Z"},
    {"check":"age","reason":"b","expiresAt":"2026-07-01T00:00:00Z"}]}})");
  add(builder, FactKind::cluster_scan_policy,
      R"({"metadata":{"name":"bad"},"spec":{"namespaceExemptions":{"all":1}}})");
  for (const FactKindNames& names : kFactKindNames) builder.known(names.kind);
  const ClusterFacts facts = std::move(builder).finish();
  EXPECT_THAT(facts.gaps, IsEmpty());
  ASSERT_EQ(facts.exemptions->size(), 2u) << "what is about vulnerabilities is not the audit's";
  const ScanExemption& legacy = facts.exemptions->at(0);
  EXPECT_EQ(legacy.namespace_ + '/' + legacy.name + ' ' + legacy.wanted.check + ' ' + legacy.wanted.expires_at,
            "shop/legacy writable-root 2026-07-01T00:00:00Z");
  EXPECT_EQ(legacy.wanted.max_severity, Severity::medium);
  EXPECT_EQ(legacy.made, std::chrono::sys_days(std::chrono::year(2026) / 5 / 1));
  EXPECT_EQ(legacy.problem, "");
  EXPECT_THAT(facts.exemptions->at(1).problem, testing::HasSubstr("expiresAt"));
  const ScanPolicy& policy = facts.scan_policies->at("default");
  EXPECT_TRUE(policy.rules.allowed);
  EXPECT_EQ(policy.rules.max_severity, Severity::low);
  EXPECT_EQ(policy.rules.longest, std::chrono::days(7));
  ASSERT_EQ(policy.accepts.ignore.size(), 1u);
  EXPECT_EQ(policy.accepts.ignore[0].check, "age");
  EXPECT_THAT(facts.scan_policies->at("bad").problem, testing::HasSubstr("namespaceExemptions"));
}

TEST(FactsBuilder, OneNamespaceCannotFillTheAuditWithExemptions) {
  FactsBuilder builder;
  for (std::size_t i = 0; i < kMaxCheckExemptions + 50; ++i) {
    add(builder, FactKind::scan_exemption,
        R"({"metadata":{"name":"e)" + std::to_string(i) +
            R"(","namespace":"shop"},"spec":{"check":"age","reason":"a","expiresAt":"2026-07-01T00:00:00Z"}})");
  }
  builder.known(FactKind::scan_exemption);
  const ClusterFacts facts = std::move(builder).finish();
  ASSERT_EQ(facts.exemptions->size(), kMaxCheckExemptions + 1);
  EXPECT_EQ(facts.exemptions->back().problem, "ScanExemption shop/e200: its namespace has more than 200 about checks");
}

TEST(FactsBuilder, AListThatStartsOverIsForgotten) {
  FactsBuilder builder;
  for (const FactKindNames& names : kFactKindNames) {
    add(builder, names.kind,
        R"({"metadata":{"name":"old","namespace":"n","uid":"u","ownerReferences":[{"controller":true}]},
      "spec":{"selector":{"a":"b"},"defaultBackend":{"service":{"name":"old"}}},
      "status":{"addresses":[{"type":"InternalIP","address":"10.0.0.1"}]}})");
    builder.forget(names.kind);
    builder.known(names.kind);
    EXPECT_EQ(builder.count(names.kind), 0u);
  }
  EXPECT_THAT(builder.kubelets(), IsEmpty());
  const ClusterFacts facts = std::move(builder).finish();
  EXPECT_THAT(facts.gaps, IsEmpty());
  EXPECT_TRUE(facts.namespaces->empty() && facts.nodes->empty() && facts.owners->empty());
  EXPECT_TRUE(facts.token_automount->empty() && facts.budgets->empty() && facts.services->empty());
  EXPECT_TRUE(facts.exemptions->empty() && facts.scan_policies->empty());
}

}  // namespace
}  // namespace initscan::audit
