#include "audit/commands/commands.h"
#include "audit/commands/console_summary.h"
#include "audit/commands/rotate_clusters.h"
#include "audit/commands/run_options.h"
#include "audit/commands/send_report.h"
#include "audit/pipeline.h"
#include "audit/report/escape.h"
#include "audit/report/openreports_writer.h"
#include "audit/report/push.h"
#include "audit/report/report_files.h"
#include "common/file_io.h"
#include "common/time/now.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <CLI/CLI.hpp>
#include <unistd.h>

namespace initscan::audit {
namespace {

ExitCode exit_code_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return ExitCode::pass;
    case Verdict::fail: return ExitCode::policy_failed;
    case Verdict::undecided: return ExitCode::undecided;
  }
  return ExitCode::undecided;
}

// Objects that could not be written are a warning: the reports have everything. A cluster that takes none is an error.
Result<void> publish(const AuditReport& report, const RunOptions& options, const std::vector<KubeConfig>& clusters) {
  if (options.report_objects.empty()) return {};
  const ReportApi api = options.report_objects == "openreports" ? ReportApi::openreports : ReportApi::policy_report;
  for (const KubeConfig& cluster : clusters) {
    const auto written = publish_report_objects(report, cluster, api);
    if (!written) return written.error();
    for (const std::string& line : written->failed) {
      std::fprintf(stderr, "initscan-audit: warning: %s\n", visible(line).c_str());
    }
  }
  return {};
}

// Who is told, besides those who read the reports.
Result<void> tell_others(const AuditReport& report, const RunOptions& options, const RunInputs& inputs) {
  if (!options.pushgateway.empty()) {
    if (auto pushed = push_metrics(options.pushgateway, metrics_report(report)); !pushed) return pushed;
  }
  if (inputs.report_to) {
    if (auto sent = send_report(report, *inputs.report_to); !sent) return sent;
  }
  return publish(report, options, inputs.clusters);
}

Result<ExitCode> run(const RunOptions& options) {
  auto inputs = open_inputs(options);
  if (!inputs) return inputs.error();

  AuditRequest request;
  request.sources = std::move(inputs->sources);
  request.policy = std::move(inputs->policy);
  request.images = inputs->images ? &*inputs->images : nullptr;
  request.observed = inputs->observed ? &*inputs->observed : nullptr;
  request.earlier = std::move(inputs->earlier);
  request.history = inputs->history.get();
  request.now = current_time();
  const auto report = audit(request);
  if (!report) return report.error();

  if (auto written = write_reports(*report, options.report_dir, options.formats); !written) return written.error();
  const bool in_colour = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  if (auto written = write_file("-", console_summary(*report, inputs->fail_on, in_colour)); !written) {
    return std::move(written).error().within("standard output");
  }
  const Verdict verdict = verdict_of(*report, inputs->fail_on);
  if (auto told = tell_others(*report, options, *inputs); !told) {
    if (verdict != Verdict::fail) return told.error();
    // That the answer did not get everywhere does not make it another one.
    std::fprintf(stderr, "initscan-audit: error: %s\n", told.error().text.c_str());
    return ExitCode::policy_failed;
  }
  if (!options.apply_rotation) return exit_code_of(verdict);
  const auto rotated = rotate_clusters(*report, inputs->clusters, {options.confirm_rotation, options.max_restarts});
  if (!rotated) return rotated.error();
  return *rotated || verdict != Verdict::pass ? exit_code_of(verdict) : ExitCode::undecided;
}

}  // namespace

void add_run_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("run", "Audit clusters, or kubectl's output in files, and write reports");
  const auto options = std::make_shared<RunOptions>();
  add_run_options(*command, *options);
  command->footer(
      "Exit codes: 0 done; 1 could not decide: something could not be read, or with --fail-on, a check of that\n"
      "severity has no answer, or Pushgateway, the server or report objects could not be written; 2 with --fail-on: "
      "failures of\n"
      "that severity or worse; 64 wrong usage.\n"
      "A cluster is only asked to get and list, except by --report-objects, --history-configmap and --apply-rotation.");
  add_example(*command, "initscan-audit run --from-file cluster.json --report-dir reports --fail-on high");
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace initscan::audit
