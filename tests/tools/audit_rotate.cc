// audit_rotate KUBECONFIG [--confirm] [--most N] NAMESPACE/KIND/NAME/UID/WAVE ...: rotates as an audit that planned
// these does, and prints what became of each.
#include "audit/rotate/rotate.h"

#include <iostream>
#include <map>

#include <CLI/CLI.hpp>

namespace initscan::audit {
namespace {

AuditReport plan_of(const std::vector<std::string>& arguments) {
  AuditReport report;
  std::map<int, RotationWave> waves;
  for (const std::string& argument : arguments) {
    const auto words = CLI::detail::split(argument, '/');
    Workload workload;
    workload.namespace_ = words.at(0);
    workload.owner = {"apps/v1", words.at(1), words.at(2), words.at(3)};
    workload.wave = std::stoi(words.at(4));
    waves[*workload.wave].number = *workload.wave;
    waves[*workload.wave].workloads.push_back(report.workloads.size());
    report.workloads.push_back(std::move(workload));
  }
  for (auto& [number, wave] : waves) report.waves.push_back(std::move(wave));
  return report;
}

}  // namespace
}  // namespace initscan::audit

int main(int argc, char** argv) {
  using namespace initscan;
  CLI::App app;
  std::string kubeconfig;
  std::vector<std::string> workloads;
  audit::RotationOptions options;
  app.add_option("kubeconfig", kubeconfig)->required();
  app.add_flag("--confirm", options.confirmed);
  app.add_option("--most", options.most);
  app.add_option("workloads", workloads);
  CLI11_PARSE(app, argc, argv);
  const auto config = find_kube_config(kubeconfig, "");
  if (!config) {
    std::cerr << config.error().text << '\n';
    return 1;
  }
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto steps = audit::apply_rotation(*config, audit::plan_of(workloads), "", now, options);
  if (!steps) {
    std::cerr << steps.error().text << '\n';
    return 1;
  }
  for (const audit::RotationStep& step : *steps) {
    std::cout << step.namespace_ << ' ' << step.workload << ' ' << to_string(step.outcome) << ' ' << step.text << '\n';
  }
}
