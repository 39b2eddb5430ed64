// Makes a cluster's report objects those of an audit: audit_objects KUBECONFIG openreports|policy_report [GAP], with
// the audit on standard input as far as objects show it: [{"namespace", "kind", "name", "uid", "fails": [CHECK],
// "open": [CHECK]}]. Prints what was done.

#include "audit/report/openreports_writer.h"

#include <cstdio>
#include <iostream>
#include <iterator>

namespace {

using namespace initscan;
using namespace initscan::audit;

const Check& check_named(const std::string& id) {
  static std::vector<std::unique_ptr<std::pair<std::string, Check>>> made;
  for (const auto& known : made) {
    if (known->first == id) return known->second;
  }
  made.push_back(std::make_unique<std::pair<std::string, Check>>(id, Check{}));
  Check& check = made.back()->second;
  check.id = check.title = made.back()->first;
  check.family = "mutability";
  check.severity = Severity::high;
  check.remedy = "Change it.";
  return check;
}

AuditReport report_of(const nlohmann::json& wanted, const char* gap) {
  AuditReport report;
  report.made = Time(std::chrono::seconds(1'795'553'520));
  report.clusters = {{"test", "v1.36.2", 1, 1, 0, {{gap, "403 Forbidden"}}}};
  for (const nlohmann::json& one : wanted) {
    Workload workload;
    workload.cluster = "test";
    workload.namespace_ = one.at("namespace");
    workload.owner = {one.value("apiVersion", "apps/v1"), one.at("kind"), one.at("name"), one.value("uid", "")};
    workload.passed = 7;
    for (const auto& [key, outcome] : {std::pair("fails", Outcome::fail), std::pair("open", Outcome::unknown)}) {
      for (const nlohmann::json& id : one.value(key, nlohmann::json::array())) {
        WorkloadResult found;
        found.result =
            CheckResult{&check_named(id), outcome, "app", ContainerKind::regular, "false", "spec", "it is so"};
        found.pods = 2;
        workload.results.push_back(found);
      }
    }
    report.workloads.push_back(std::move(workload));
  }
  return report;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 64;
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  const AuditReport report = report_of(nlohmann::json::parse(text), argc > 3 ? argv[3] : "nodes");
  const ReportApi api = std::string(argv[2]) == "openreports" ? ReportApi::openreports : ReportApi::policy_report;
  const auto config = find_kube_config(argv[1], "");
  const auto written = config ? publish_report_objects(report, *config, api, {200, 20}) : config.error();
  if (!written) return std::fprintf(stderr, "audit_objects: error: %s\n", written.error().text.c_str()), 1;
  const nlohmann::json said{{"written", written->written}, {"removed", written->removed}, {"failed", written->failed}};
  std::printf("%s\n", said.dump().c_str());
}
