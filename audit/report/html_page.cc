#include "audit/report/html_page.h"

#include <algorithm>
#include <array>

namespace initscan::audit {

Page::Page(const AuditReport& of) : report(of), sum(summary_of(of)), detailed(of.workloads.size()) {
  for (std::size_t i = 0; i < of.workloads.size(); ++i) {
    const Workload& workload = of.workloads[i];
    several_clusters = several_clusters || workload.cluster != of.workloads.front().cluster;
    if (workload.results.empty() && workload.patch.empty()) continue;
    detailed[i] = detail_count < kMaxDetails;
    ++(detailed[i] ? detail_count : without_detail);
  }
}

std::string_view title_of(Action action) {
  switch (action) {
    case Action::rotate_now: return "Rotate now";
    case Action::make_immutable: return "Make immutable";
    case Action::not_started: return "Not started";
    case Action::unknown: return "Unknown";
    case Action::fine: return "Fine";
  }
  return "Unknown";
}

std::string_view class_of(Action action) {
  switch (action) {
    case Action::rotate_now: return "rotate-now";
    case Action::make_immutable: return "make-immutable";
    case Action::not_started: return "not-started";
    case Action::unknown: return "unknown";
    case Action::fine: return "fine";
  }
  return "unknown";
}

std::string_view class_of(Severity severity) {
  switch (severity) {
    case Severity::critical: return "critical";
    case Severity::high: return "high";
    case Severity::medium: return "medium";
    case Severity::low: return "low";
    case Severity::negligible:
    case Severity::unknown: return "negligible";
  }
  return "negligible";
}

std::optional<Time> oldest_start(const Workload& workload) {
  std::optional<Time> oldest;
  for (const WorkloadContainer& container : workload.containers) {
    if (container.oldest_start && (!oldest || *container.oldest_start < *oldest)) oldest = container.oldest_start;
  }
  return oldest;
}

std::string short_place(const Page& page, const Workload& workload) {
  const std::string place = workload.namespace_ + '/' + workload.owner.name;
  return page.several_clusters ? workload.cluster + '/' + place : place;
}

Html workload_link(const Page& page, std::size_t place) {
  const std::string name = short_place(page, page.report.workloads[place]);
  Html html;
  if (!page.detailed[place]) return html.fill<"name">(as<"name">(name));
  return html.fill<"linked-name">(as<"place">(place), as<"name">(name));
}

std::string date_text(Time time) {
  constexpr std::array kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                  "July",    "August",   "September", "October", "November", "December"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const auto two = [](auto n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(static_cast<unsigned>(date.day())) + ' ' + kMonths[static_cast<unsigned>(date.month()) - 1] +
         ' ' + std::to_string(static_cast<int>(date.year())) + ", " + two(clock.hours().count()) + ':' +
         two(clock.minutes().count()) + " UTC";
}

Html shown_note(std::size_t shown, std::size_t all) {
  Html html;
  if (all > shown) html.fill<"shown">(as<"shown">(shown), as<"all">(all));
  return html;
}

}  // namespace initscan::audit
