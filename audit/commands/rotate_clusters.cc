#include "audit/commands/rotate_clusters.h"

#include "audit/report/escape.h"
#include "common/cli/log.h"
#include "common/file_io.h"

namespace initscan::audit {
namespace {

std::string line_of(const RotationStep& step) {
  std::string outcome(to_string(step.outcome));
  outcome.resize(14, ' ');
  std::string line = "  " + outcome + visible(step.namespace_) + '/' + visible(step.workload);
  if (!step.text.empty()) line += ": " + visible(step.text);
  return line + '\n';
}

}  // namespace

Result<bool> rotate_clusters(const AuditReport& report, const std::vector<KubeConfig>& configs,
                             const RotationOptions& options) {
  // Standard output is the summary's.
  start_log("initscan-audit");
  bool as_planned = true;
  std::string text = options.confirmed ? "\nRotation\n" : "\nRotation, as a dry run; --confirm-rotation performs it\n";
  for (std::size_t i = 0; i < configs.size() && i < report.clusters.size(); ++i) {
    const auto steps = apply_rotation(configs[i], report, report.clusters[i].name, report.made, options);
    if (!steps) return steps.error();
    for (const RotationStep& step : *steps) {
      text += line_of(step);
      as_planned = as_planned && step.outcome != RotationOutcome::failed;
    }
    if (steps->empty())
      text += "  nothing to restart" +
              (report.clusters[i].name.empty() ? "" : " in " + visible(report.clusters[i].name)) + '\n';
  }
  if (auto written = write_file("-", text); !written) return std::move(written).error().within("standard output");
  return as_planned;
}

}  // namespace initscan::audit
