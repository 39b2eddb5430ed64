#include "audit/report/escape.h"
#include "audit/report/report_files.h"
#include "audit/report/summary.h"
#include "audit/report/words.h"
#include "common/time/rfc3339.h"

#include <algorithm>

namespace initscan::audit {
namespace {

// A report that is read in a comment of a merge request must fit into one (65,536 characters on GitHub).
constexpr std::size_t kMaxListed = 50;    // workloads in each table
constexpr std::size_t kMaxDetailed = 10;  // workloads with results and patch
constexpr std::size_t kMaxResults = 15;   // of one workload
constexpr std::size_t kMaxLines = 30;     // of every other list

void append_rest(std::string& out, std::size_t all, std::size_t shown) {
  if (all > shown) out += "\n*" + std::to_string(all - shown) + " more in audit.json and audit.csv.*\n";
}

void append_summary(std::string& out, const AuditReport& report) {
  const Summary sum = summary_of(report);
  out += "| to do | workloads |\n|---|---:|\n";
  out += "| **rotate now** | " + std::to_string(sum.of(Action::rotate_now)) + " |\n";
  out += "| **make immutable** | " + std::to_string(sum.of(Action::make_immutable)) + " |\n";
  out += "| not started | " + std::to_string(sum.of(Action::not_started)) + " |\n";
  out += "| unknown | " + std::to_string(sum.of(Action::unknown)) + " |\n";
  out += "| fine | " + std::to_string(sum.of(Action::fine)) + " |\n\n";
  out += counted(sum.pods, "pod") + ", " + counted(sum.containers, "container") + "; " +
         counted(sum.failed(), "failure") + " (" + std::to_string(sum.of(Severity::critical)) + " critical, " +
         std::to_string(sum.of(Severity::high)) + " high), " + std::to_string(sum.unknown) + " unknown, " +
         std::to_string(sum.accepted) + " accepted.";
  if (sum.ended_pods > 0) out += ' ' + counted(sum.ended_pods, "pod") + " that have ended are not judged.";
  if (report.compared_with) {
    out += " Since " + format_rfc3339(*report.compared_with) + ": " + std::to_string(sum.appeared) + " new, " +
           std::to_string(report.fixed.size()) + " fixed";
    if (!report.gone.empty()) out += ", " + std::to_string(report.gone.size()) + " gone with their pods";
    out += '.';
  }
  out += '\n';
}

void append_lines(std::string& out, std::string_view title, const std::vector<std::string>& lines, std::size_t all) {
  if (all == 0) return;
  out += "\n## " + std::string(title) + " (" + std::to_string(all) + ")\n\n";
  const std::size_t shown = std::min(lines.size(), kMaxLines);
  for (std::size_t i = 0; i < shown; ++i) out += "- " + lines[i] + '\n';
  append_rest(out, all, shown);
}

void append_blocked(std::string& out, const AuditReport& report) {
  std::vector<std::string> lines;
  for (const Workload& workload : report.workloads) {
    if (workload.blocked_pods == 0) continue;
    lines.push_back(markdown_text(place_of(workload)) + ": " + counted(workload.blocked_pods, "pod") + ": " +
                    markdown_text(workload.blocked_why));
  }
  append_lines(out, "Kept from starting by initscan's gate", lines, lines.size());
}

void append_detours(std::string& out, const AuditReport& report) {
  std::vector<std::string> lines;
  for (const ClusterSummary& cluster : report.clusters) {
    for (const auto& [holder, detour] : cluster.detours) {
      lines.push_back((cluster.name.empty() ? "" : markdown_text(cluster.name) + ": ") +
                      markdown_text(text_of(holder)) + ": " + markdown_text(text_of(detour)));
    }
  }
  append_lines(out, "May get around initscan", lines, summary_of(report).detours);
}

void append_gaps(std::string& out, const AuditReport& report) {
  std::vector<std::string> lines;
  for (const ClusterSummary& cluster : report.clusters) {
    for (const Gap& gap : cluster.gaps) {
      lines.push_back((cluster.name.empty() ? "" : markdown_text(cluster.name) + ": ") + markdown_text(gap.part) +
                      ": " + markdown_text(gap.reason));
    }
  }
  for (const std::string& warning : report.warnings) lines.push_back(markdown_text(warning));
  if (lines.empty()) return;
  out += "\n## Not known: look at these\n\n";
  for (std::size_t i = 0; i < std::min(lines.size(), kMaxLines); ++i) out += "- " + lines[i] + '\n';
  append_rest(out, lines.size(), kMaxLines);
}

std::string oldest_of(const Workload& workload, Time now) {
  std::optional<Time> oldest;
  for (const WorkloadContainer& container : workload.containers) {
    if (container.oldest_start && (!oldest || *container.oldest_start < *oldest)) oldest = container.oldest_start;
  }
  return oldest ? age_text(*oldest, now) : "";
}

void append_list(std::string& out, const AuditReport& report, Action action, std::string_view title) {
  std::size_t all = 0;
  std::string rows;
  for (const Workload& workload : report.workloads) {
    if (workload.action != action || ++all > kMaxListed) continue;
    rows += "| " + markdown_code(place_of(workload)) + " | " + markdown_text(workload.team) + " | " +
            std::to_string(workload.mutability) + " | " + oldest_of(workload, report.made) + " | " +
            (workload.wave ? std::to_string(*workload.wave) : "") + " | " +
            (workload.reasons.empty() ? "" : markdown_text(workload.reasons.front())) + " |\n";
  }
  if (all == 0) return;
  out += "\n## " + std::string(title) + " (" + std::to_string(all) + ")\n\n";
  out += "| workload | team | mutability | oldest | wave | why |\n|---|---|---:|---|---:|---|\n" + rows;
  append_rest(out, all, kMaxListed);
}

// A fence longer than any in the text itself.
std::string fenced(const std::string& text) {
  std::string fence = "```";
  while (text.find(fence) != text.npos) fence += '`';
  return fence + "yaml\n" + text + (text.ends_with('\n') ? "" : "\n") + fence + '\n';
}

void append_detail(std::string& out, const Workload& workload) {
  out += "\n### " + markdown_text(place_of(workload)) + "\n\n";
  for (const Text& reason : workload.reasons) out += "- " + markdown_text(reason) + '\n';
  out += "\n| check | container | severity | value | what |\n|---|---|---|---|---|\n";
  for (std::size_t i = 0; i < std::min(workload.results.size(), kMaxResults); ++i) {
    const WorkloadResult& found = workload.results[i];
    const KeptResult& result = found.result;
    const std::string_view message = result.message.empty() ? result.check->title : result.message.view();
    const std::string_view state = found.is_accepted()                  ? "accepted"
                                   : result.outcome == Outcome::unknown ? "unknown"
                                                                        : to_string(result.check->severity);
    out += "| " + markdown_code(result.check->id) + " | " + markdown_code(result.container) + " | " +
           std::string(state) + " | " + markdown_code(result.value) + " | " + markdown_text(message) +
           (found.change == Change::appeared ? " **new**" : "") + " |\n";
  }
  append_rest(out, workload.results.size(), kMaxResults);
  if (workload.patch.empty()) return;
  out += "\n" + fenced(visible_lines(workload.patch, kMaxShownPatchBytes));
  for (const Text& note : workload.patch_notes) out += "- " + markdown_text(note) + '\n';
}

void append_details(std::string& out, const AuditReport& report) {
  std::size_t detailed = 0;
  for (const Workload& workload : report.workloads) {
    if (workload.action != Action::rotate_now && workload.action != Action::make_immutable) continue;
    if (++detailed > kMaxDetailed) return;
    if (detailed == 1) out += "\n## The most urgent, in detail\n";
    append_detail(out, workload);
  }
}

void append_earlier(std::string& out, std::string_view title, const std::vector<FixedResult>& results) {
  if (results.empty()) return;
  out += "\n## " + std::string(title) + " (" + std::to_string(results.size()) + ")\n\n";
  for (std::size_t i = 0; i < std::min(results.size(), kMaxLines); ++i) {
    const FixedResult& fixed = results[i];
    out += "- " + markdown_text(std::string(fixed.namespace_) + '/' + std::string(fixed.workload)) + ": " +
           markdown_text(fixed.check) + (fixed.container.empty() ? "" : " in " + markdown_text(fixed.container)) + '\n';
  }
  append_rest(out, results.size(), kMaxLines);
}

}  // namespace

std::string markdown_report(const AuditReport& report) {
  std::string out = "# Container audit of " + format_rfc3339(report.made) + "\n\n";
  const Summary sum = summary_of(report);
  if (sum.gaps > 0) {
    out += "**Incomplete: something could not be read.**\n\n";
  } else if (sum.unknown > 0) {
    out += "Everything could be read; " + counted(sum.unknown, "result") + " not known.\n\n";
  }
  append_summary(out, report);
  append_list(out, report, Action::rotate_now, "Rotate now");
  append_list(out, report, Action::make_immutable, "Make immutable");
  append_list(out, report, Action::not_started, "Not started");
  append_list(out, report, Action::unknown, "Unknown");
  append_blocked(out, report);
  append_detours(out, report);
  append_gaps(out, report);
  append_earlier(out, "Fixed", report.fixed);
  append_earlier(out, "Gone with their pods: not running, and not fixed", report.gone);
  append_earlier(out, "Not read this time: neither fixed nor still there", report.not_read);
  append_details(out, report);
  return out;
}

}  // namespace initscan::audit
