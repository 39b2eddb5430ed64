#include "audit/check/evaluate.h"
#include "audit/commands/commands.h"
#include "audit/compare/compare.h"
#include "audit/compare/previous.h"
#include "audit/report/escape.h"
#include "audit/report/words.h"
#include "common/file_io.h"
#include "common/json/element.h"
#include "common/json/parse_dom.h"
#include "common/time/rfc3339.h"

#include <algorithm>
#include <memory>
#include <set>
#include <tuple>

#include <CLI/CLI.hpp>
#include <simdjson.h>

namespace initscan::audit {
namespace {

struct DiffOptions {
  std::string old_file;
  std::string new_file;
  std::string fail_on;
};

using WorkloadKey = std::tuple<std::string, std::string, std::string>;  // cluster, namespace, "Deployment/shop"

// A report, the workloads that it has, and the clusters whose pods it does not have all of.
struct ReadReport {
  PreviousAudit audit;
  std::set<WorkloadKey> workloads;
  std::set<std::string, std::less<>> clusters_with_gaps;
};

// Those without a failure as well: what is there and does not fail is fixed, what is not there is not.
std::set<WorkloadKey> workloads_in(simdjson::dom::element report) {
  std::set<WorkloadKey> workloads;
  simdjson::dom::array list;
  if (report["workloads"].get(list) != simdjson::SUCCESS) return workloads;
  for (const simdjson::dom::element one : list) {
    workloads.emplace(text_in(one, "cluster"), text_in(one, "namespace"),
                      std::string(text_in(one, "kind")).append("/").append(text_in(one, "name")));
  }
  return workloads;
}

std::set<std::string, std::less<>> clusters_with_gaps(simdjson::dom::element report) {
  std::set<std::string, std::less<>> clusters;
  simdjson::dom::array list;
  if (report["clusters"].get(list) != simdjson::SUCCESS) return clusters;
  for (const simdjson::dom::element cluster : list) {
    std::string_view name;
    simdjson::dom::array gaps;
    if (cluster["name"].get(name) != simdjson::SUCCESS || cluster["gaps"].get(gaps) != simdjson::SUCCESS) continue;
    for (const simdjson::dom::element gap : gaps) {
      std::string_view part;
      if (gap["part"].get(part) == simdjson::SUCCESS && hides_pods({std::string(part), {}})) clusters.emplace(name);
    }
  }
  return clusters;
}

Result<ReadReport> read_report(const std::string& path) {
  auto text = read_file(path, kMaxPreviousBytes);
  if (!text) return std::move(text).error().within(path);
  auto audit = read_previous(*text);
  if (!audit) return std::move(audit).error().within(path);
  simdjson::dom::parser parser;
  const auto report = parse_dom(parser, *text);
  if (!report) return Error(report.error()).within(path);
  return ReadReport{std::move(*audit), workloads_in(*report), clusters_with_gaps(*report)};
}

Severity severity_of(const ResultKey& key) {
  const Check* const check = find_check(std::get<3>(key));
  return check == nullptr ? Severity::unknown : check->severity;  // a check of another version
}

std::string line_of(const ResultKey& key) {
  const auto& [cluster, space, workload, check, container] = key;
  std::string severity(to_string(severity_of(key)));
  severity.resize(10, ' ');
  std::string line = "  " + severity + visible(check) + "  ";
  if (!cluster.empty()) line += visible(cluster) + '/';
  line += visible(space) + '/' + visible(workload);
  if (!container.empty()) line += " [" + visible(container) + ']';
  return line + '\n';
}

void append_list(std::string& text, std::string_view title, std::vector<ResultKey> keys) {
  if (keys.empty()) return;
  std::stable_sort(keys.begin(), keys.end(),
                   [](const ResultKey& a, const ResultKey& b) { return severity_of(a) > severity_of(b); });
  text += std::string(title) + " (" + grouped(keys.size()) + ")\n";
  for (const ResultKey& key : keys) text += line_of(key);
  text += '\n';
}

// The failures of one report that the other does not have as failures.
std::vector<ResultKey> failures_without(const PreviousAudit& of, const PreviousAudit& others) {
  std::vector<ResultKey> keys;
  for (const auto& [key, failed] : of.failed) {
    const auto other = others.failed.find(key);
    if (failed && (other == others.failed.end() || !other->second)) keys.push_back(key);
  }
  return keys;
}

Result<ExitCode> diff(const DiffOptions& options) {
  const auto before = read_report(options.old_file);
  if (!before) return before.error();
  const auto after = read_report(options.new_file);
  if (!after) return after.error();

  const std::vector<ResultKey> appeared = failures_without(after->audit, before->audit);
  std::vector<ResultKey> fixed = failures_without(before->audit, after->audit);
  // What became unknown, or is where the later audit could not look, is not fixed.
  const auto not_known = std::stable_partition(fixed.begin(), fixed.end(), [&](const ResultKey& key) {
    return !after->audit.failed.contains(key) && !after->clusters_with_gaps.contains(std::get<0>(key));
  });
  const std::vector<ResultKey> unread(not_known, fixed.end());
  fixed.erase(not_known, fixed.end());
  // A workload that has no pods any more, as one that was scaled to nothing, comes back as it was.
  const auto is_gone = std::stable_partition(fixed.begin(), fixed.end(), [&](const ResultKey& key) {
    return after->workloads.contains({std::get<0>(key), std::get<1>(key), std::get<2>(key)});
  });
  const std::vector<ResultKey> gone(is_gone, fixed.end());
  fixed.erase(is_gone, fixed.end());

  std::string text = "From " + format_rfc3339(before->audit.made) + " to " + format_rfc3339(after->audit.made) + "\n\n";
  append_list(text, "New", appeared);
  append_list(text, "Fixed", fixed);
  append_list(text, "Gone with their pods", gone);
  append_list(text, "No longer known", unread);
  if (appeared.empty() && fixed.empty() && gone.empty() && unread.empty()) text += "No difference\n";
  if (auto written = write_file("-", text); !written) return std::move(written).error().within("standard output");
  if (options.fail_on.empty()) return ExitCode::pass;
  const Severity least = *severity_from(options.fail_on);
  const bool fails =
      std::any_of(appeared.begin(), appeared.end(), [&](const ResultKey& key) { return severity_of(key) >= least; });
  return fails ? ExitCode::policy_failed : unread.empty() ? ExitCode::pass : ExitCode::undecided;
}

}  // namespace

void add_diff_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("diff", "Say what is new and what was fixed between two audit.json files files");
  const auto options = std::make_shared<DiffOptions>();
  command->add_option("old", options->old_file, "The earlier report")->required()->type_name("OLD");
  command->add_option("new", options->new_file, "The later report")->required()->type_name("NEW");
  command->add_option("--fail-on", options->fail_on, "Exit with 2 if a new failure has this severity or a worse one")
      ->type_name("SEVERITY")
      ->check(CLI::IsMember({"low", "medium", "high", "critical"}));
  add_example(*command, "initscan-audit diff last-week/audit.json reports/audit.json --fail-on high");
  command->callback([&chosen, options] { chosen = [options] { return diff(*options); }; });
}

}  // namespace initscan::audit
