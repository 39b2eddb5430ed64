#pragma once

#include "audit/model/report.h"

namespace initscan::audit {

inline constexpr Time kMade{std::chrono::seconds(1'795'553'520)};  // 2026-11-24T20:52:00Z

inline constexpr Check kWritableRoot = {.id = "writable-root",
                                        .title = "Root file system is writable",
                                        .family = "mutability",
                                        .severity = Severity::medium,
                                        .cis_docker = "5.13",
                                        .cis_kubernetes = "",
                                        .pss = "",
                                        .nsa = "",
                                        .kubescape = "C-0017",
                                        .trivy = "",
                                        .why = "Programs can be replaced.",
                                        .remedy = "Set readOnlyRootFilesystem: true.",
                                        .unknown_when = "never: the spec says it"};

inline constexpr Check kWriteLayer = {.id = "write-layer",
                                      .title = "Write layer has grown",
                                      .family = "mutability",
                                      .severity = Severity::high,
                                      .cis_docker = "",
                                      .cis_kubernetes = "",
                                      .pss = "",
                                      .nsa = "",
                                      .kubescape = "",
                                      .trivy = "",
                                      .why = "Files came.",
                                      .remedy = "Look at them.",
                                      .unknown_when = "the kubelet did not answer"};

inline WorkloadResult result_of(const Check& check, Outcome outcome, std::string container) {
  WorkloadResult found;
  found.result = CheckResult{&check,
                             outcome,
                             std::move(container),
                             ContainerKind::regular,
                             "false",
                             "spec.containers[web].securityContext",
                             "web can write to its root"};
  found.pods = 3;
  found.example_pod = "web-0";
  return found;
}

// Every field that a format shows has a value of its own.
inline AuditReport small_report() {
  Workload web;
  web.cluster = "prod";
  web.namespace_ = "shop";
  web.owner = {"apps/v1", "Deployment", "web", "uid-1"};
  web.team = "storefront";
  web.pods = 3;
  web.exposure = Exposure::load_balancer;
  web.services = {"web"};
  web.budgets = {"web-budget"};
  web.passed = 20;
  web.skipped = 2;
  web.mutability = 80;
  web.urgency = 320.5;
  web.action = Action::rotate_now;
  web.reasons = {"runs for 60 days with a writable root"};
  web.patch = "spec: {}\n";
  web.patch_notes = {"paths are guessed"};
  web.wave = 1;
  web.wave_reason = "no budget";
  WorkloadContainer container;
  container.name = "web";
  container.image = "example/web:1";
  container.image_ids = {"example/web@sha256:00"};
  container.running = 3;
  container.oldest_start = kMade - std::chrono::days(60);
  container.max_restarts = 1;
  container.largest_write_layer.value = WriteLayer{1536, 7};
  container.score = 80;
  container.reasons = {"root is writable"};
  web.containers = {container};
  web.results = {result_of(kWritableRoot, Outcome::fail, "web"), result_of(kWriteLayer, Outcome::unknown, "web"),
                 result_of(kWriteLayer, Outcome::fail, "")};
  web.results[0].change = Change::appeared;
  web.results[1].result.message = "the kubelet did not answer";
  web.results[2].exception = "a cache, until 2027-01-31";
  web.results[2].first_seen = kMade - std::chrono::days(9);

  Workload fine;
  fine.cluster = "prod";
  fine.namespace_ = "shop";
  fine.owner = {"apps/v1", "StatefulSet", "db", "uid-2"};
  fine.pods = 1;
  fine.passed = 30;
  fine.action = Action::fine;

  AuditReport report;
  report.made = kMade;
  report.policy_name = "default";
  report.clusters = {{"prod", "v1.36.2", 4, 5, 1, {{"nodes", "403 Forbidden"}}}};
  report.workloads = {web, fine};
  report.waves = {{1, {0}}};
  report.fixed = {{"prod", "shop", "Deployment/old", "writable-root", "app", kMade - std::chrono::days(3)}};
  report.gone = {{"prod", "shop", "Deployment/night", "root-user", "app", kMade - std::chrono::days(9)}};
  report.not_read = {{"prod", "shop", "Deployment/dark", "write-layer", "app", std::nullopt}};
  report.compared_with = kMade - std::chrono::days(1);
  report.exceptions = {{"write-layer", "shop", "", "", "a cache", kMade + std::chrono::days(9), 4}};
  report.warnings = {"an exception has ended"};
  report.complete = false;
  return report;
}

}  // namespace initscan::audit
