#pragma once

#include "audit/check/evaluate.h"
#include "audit/model/report.h"
#include "common/time/rfc3339.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

// Pods, results and workloads for the judge's tests, in the words that the tests speak.
namespace initscan::audit::build {

inline const Time kNow = *parse_rfc3339("2026-06-01T00:00:00Z");

inline Time days_ago(int days) {
  return kNow - std::chrono::days(days);
}

inline Container container(std::string name, int started_days_ago = 1) {
  Container made;
  made.name = std::move(name);
  made.image = "example/" + made.name + ":1";
  made.status.known = true;
  made.status.state = ContainerState::running;
  made.status.started = days_ago(started_days_ago);
  return made;
}

inline Pod pod(std::string name, std::vector<Container> containers = {container("app")}) {
  Pod made;
  made.name = std::move(name);
  made.namespace_ = "shop";
  made.uid = "uid-" + made.name;
  made.created = days_ago(1);
  made.node = "worker-1";
  made.phase = "Running";
  made.containers = std::move(containers);
  return made;
}

inline CheckResult result(std::string_view check, Outcome outcome, std::string container = "app",
                          std::string value = "") {
  CheckResult made;
  made.check = find_check(check);
  EXPECT_NE(made.check, nullptr) << "no check " << check;
  made.outcome = outcome;
  made.container = std::move(container);
  made.value = std::move(value);
  made.message = outcome == Outcome::unknown ? "nobody says" : "it is so";
  return made;
}

inline WorkloadResult found(std::string_view check, Outcome outcome = Outcome::fail, std::string container = "app") {
  WorkloadResult made;
  made.result = result(check, outcome, std::move(container));
  made.pods = 1;
  made.example_pod = "web-1";
  return made;
}

// A Deployment with one running container "app".
inline Workload workload(std::string name = "web", std::vector<WorkloadResult> results = {}, int age_days = 1) {
  Workload made;
  made.namespace_ = "shop";
  made.owner = {"apps/v1", "Deployment", std::move(name), "uid"};
  made.pods = 2;
  WorkloadContainer app;
  app.name = "app";
  app.running = 2;
  app.oldest_start = days_ago(age_days);
  made.containers.push_back(std::move(app));
  made.results = std::move(results);
  return made;
}

inline std::vector<std::string> strings(const std::vector<Text>& texts) {
  return {texts.begin(), texts.end()};
}

// A cluster of which everything is known and nothing is there.
inline ClusterFacts empty_cluster() {
  ClusterFacts cluster;
  cluster.namespaces.value.emplace();
  cluster.nodes.value.emplace();
  cluster.owners.value.emplace();
  cluster.token_automount.value.emplace();
  cluster.budgets.value.emplace();
  cluster.services.value.emplace();
  return cluster;
}

}  // namespace initscan::audit::build
