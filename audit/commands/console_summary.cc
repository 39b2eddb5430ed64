#include "audit/commands/console_summary.h"

#include "audit/report/escape.h"
#include "audit/report/summary.h"
#include "audit/report/words.h"
#include "common/time/rfc3339.h"

#include <algorithm>

namespace initscan::audit {
namespace {

constexpr std::size_t kMaxWorkloads = 10;  // of each list
constexpr std::size_t kMaxGapLines = 10;
constexpr std::size_t kMaxWarnings = 5;

constexpr const char* kRed = "\x1b[31m";
constexpr const char* kYellow = "\x1b[33m";
constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kBold = "\x1b[1m";

class Summarizer {
 public:
  Summarizer(const AuditReport& report, bool in_colour) : report_(report), in_colour_(in_colour) {}

  std::string run(std::optional<Severity> fail_on) {
    const Summary sum = summary_of(report_);
    add_numbers(sum);
    add_list(Action::rotate_now, sum, "Rotate now", kRed);
    add_list(Action::make_immutable, sum, "Make immutable", kYellow);
    add_blocked();
    add_detours(sum);
    add_change(sum);
    add_gaps();
    add_warnings();
    add_answer(sum, fail_on);
    return std::move(text_);
  }

 private:
  std::string painted(const char* colour, const std::string& text) const {
    return in_colour_ ? colour + text + "\x1b[0m" : text;
  }

  void add_numbers(const Summary& sum) {
    text_ += counted(sum.pods, "pod") + " with " + counted(sum.containers, "container") + " of " +
             counted(report_.workloads.size(), "workload");
    if (report_.clusters.size() > 1) text_ += " in " + counted(report_.clusters.size(), "cluster");
    if (sum.ended_pods > 0) text_ += "; " + counted(sum.ended_pods, "pod") + " that have ended are not judged";
    if (sum.skipped_pods > 0) text_ += "; " + counted(sum.skipped_pods, "pod") + " skipped by policy";
    text_ += '\n';
  }

  void add_list(Action action, const Summary& sum, const std::string& title, const char* colour) {
    const std::size_t all = sum.of(action);
    if (all == 0) return;
    text_ += '\n' + painted(colour, title + " (" + grouped(all) + ")") + '\n';
    std::size_t shown = 0;
    for (const Workload& workload : report_.workloads) {
      if (workload.action != action) continue;
      if (++shown > kMaxWorkloads) break;
      text_ +=
          "  " + painted(kBold, visible(place_of(workload))) + "  mutability " + std::to_string(workload.mutability);
      if (workload.wave) text_ += ", wave " + std::to_string(*workload.wave);
      if (!workload.reasons.empty()) text_ += "\n    " + visible(workload.reasons.front());
      text_ += '\n';
    }
    add_rest(all, kMaxWorkloads);
  }

  void add_rest(std::size_t all, std::size_t shown) {
    if (all > shown) text_ += "  and " + grouped(all - shown) + " more in the reports\n";
  }

  void add_blocked() {
    std::vector<std::string> lines;
    for (const Workload& workload : report_.workloads) {
      if (workload.blocked_pods == 0) continue;
      lines.push_back(visible(place_of(workload)) + ": " + counted(workload.blocked_pods, "pod") + ": " +
                      visible(workload.blocked_why));
    }
    add_lines("Kept from starting by initscan's gate", kYellow, lines, lines.size());
  }

  void add_detours(const Summary& sum) {
    std::vector<std::string> lines;
    for (const ClusterSummary& cluster : report_.clusters) {
      for (const auto& [holder, detour] : cluster.detours) {
        lines.push_back((cluster.name.empty() ? "" : visible(cluster.name) + ": ") + visible(text_of(holder)) + ": " +
                        visible(text_of(detour)));
      }
    }
    add_lines("May get around initscan", kYellow, lines, sum.detours);
  }

  void add_lines(const std::string& title, const char* colour, const std::vector<std::string>& lines, std::size_t all) {
    if (all == 0) return;
    text_ += '\n' + painted(colour, title + " (" + grouped(all) + ")") + '\n';
    const std::size_t shown = std::min(lines.size(), kMaxWorkloads);
    for (std::size_t i = 0; i < shown; ++i) text_ += "  " + lines[i] + '\n';
    add_rest(all, shown);
  }

  void add_change(const Summary& sum) {
    if (!report_.compared_with) return;
    text_ += "\nSince " + format_rfc3339(*report_.compared_with) + ": " + grouped(sum.appeared) + " new, " +
             grouped(report_.fixed.size()) + " fixed";
    if (!report_.gone.empty()) text_ += ", " + grouped(report_.gone.size()) + " gone with their pods";
    if (!report_.not_read.empty()) text_ += ", " + grouped(report_.not_read.size()) + " not readable this time";
    text_ += '\n';
  }

  void add_gaps() {
    std::vector<std::string> lines;
    for (const ClusterSummary& cluster : report_.clusters) {
      for (const Gap& gap : cluster.gaps) {
        lines.push_back((cluster.name.empty() ? "" : visible(cluster.name) + ": ") + visible(gap.part) + ": " +
                        visible(gap.reason));
      }
    }
    if (lines.empty()) return;
    text_ += '\n' + painted(kRed, "Could not be read (" + grouped(lines.size()) + ")") + '\n';
    for (std::size_t i = 0; i < std::min(lines.size(), kMaxGapLines); ++i) text_ += "  " + lines[i] + '\n';
    add_rest(lines.size(), kMaxGapLines);
  }

  void add_warnings() {
    if (report_.warnings.empty()) return;
    text_ += '\n' + painted(kYellow, "Warnings (" + grouped(report_.warnings.size()) + ")") + '\n';
    for (std::size_t i = 0; i < std::min(report_.warnings.size(), kMaxWarnings); ++i) {
      text_ += "  " + visible(report_.warnings[i]) + '\n';
    }
    add_rest(report_.warnings.size(), kMaxWarnings);
  }

  // The last line, by which the exit code can be understood.
  void add_answer(const Summary& sum, std::optional<Severity> fail_on) {
    std::string line = counted(sum.failed(), "failure") + " (" + grouped(sum.of(Severity::critical)) + " critical, " +
                       grouped(sum.of(Severity::high)) + " high), " + grouped(sum.unknown) + " unknown, " +
                       grouped(sum.accepted) + " accepted";
    if (fail_on) line += "; failing on " + std::string(to_string(*fail_on)) + " and worse";
    text_ += '\n' + painted(sum.failed() > 0 ? kYellow : kGreen, line) + '\n';
  }

  const AuditReport& report_;
  const bool in_colour_;
  std::string text_;
};

}  // namespace

std::string console_summary(const AuditReport& report, std::optional<Severity> fail_on, bool in_colour) {
  return Summarizer(report, in_colour).run(fail_on);
}

}  // namespace initscan::audit
