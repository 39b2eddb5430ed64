#pragma once

#include "audit/model/report.h"
#include "audit/report/html_writer.h"
#include "audit/report/summary.h"

#include <optional>
#include <string>
#include <vector>

namespace initscan::audit {

// A browser must open the report of 10,000 workloads at once, on a phone as well. What does not fit is in
// audit.json and audit.csv, and the page says so.
inline constexpr std::size_t kMaxRows = 2000;      // of the table of workloads
inline constexpr std::size_t kMaxDetails = 200;    // workloads with results and patch
inline constexpr std::size_t kMaxResultRows = 40;  // of one workload
inline constexpr std::size_t kMaxListed = 200;     // of every other list

// What all parts of the page need, worked out once.
struct Page {
  explicit Page(const AuditReport& of);

  const AuditReport& report;
  const Summary sum;
  bool several_clusters = false;
  std::vector<bool> detailed;  // by place in workloads: whether it has its own section
  std::size_t detail_count = 0;
  std::size_t without_detail = 0;  // workloads that would have one but for kMaxDetails
};

// The parts of the page in their order.
Html header_part(const Page& page);
Html answer_part(const Page& page);
Html chart_part(const Page& page);
Html change_part(const Page& page);
Html team_part(const Page& page);
Html workload_part(const Page& page);
Html owner_part(const Page& page);
Html wave_part(const Page& page);
Html check_part(const Page& page);
Html exception_part(const Page& page);
Html detour_part(const Page& page);
Html gap_part(const Page& page);

/// What people call an action: "Rotate now".
std::string_view title_of(Action action);

/// The class of the page's style.
std::string_view class_of(Action action);
std::string_view class_of(Severity severity);

std::optional<Time> oldest_start(const Workload& workload);

/// "shop/web", without the kind, with the cluster where there are several.
std::string short_place(const Page& page, const Workload& workload);

/// The workload's name, a link to its section where it has one.
Html workload_link(const Page& page, std::size_t place);

/// "24 November 2026, 20:52 UTC".
std::string date_text(Time time);

/// "Showing 200 of 950; audit.json and audit.csv have all of them." Nothing where all are shown.
Html shown_note(std::size_t shown, std::size_t all);

}  // namespace initscan::audit
