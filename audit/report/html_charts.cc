// Charts of age and mutability as inline SVG: nothing is loaded, everything prints.

#include "audit/report/html_page.h"
#include "audit/report/words.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace initscan::audit {
namespace {

constexpr std::size_t kAges = 6;
constexpr std::array<const char*, kAges> kAgeNames = {"< 1 day", "1-7 d", "7-30 d", "30-90 d", "90-365 d", "> 1 year"};
constexpr std::size_t kBands = 5;
constexpr std::array<const char*, kBands> kBandNames = {"0-19", "20-39", "40-59", "60-79", "80-100"};
constexpr std::size_t kActions = kActionsByUrgency.size();

// Of one column of a chart: workloads by action, in the order of kActionsByUrgency.
using Stack = std::array<std::size_t, kActions>;

struct Counts {
  std::array<std::array<std::size_t, kAges>, kBands> heat{};
  std::array<Stack, kAges> ages{};
  std::array<Stack, kBands> bands{};
  std::size_t not_running = 0;
};

std::size_t age_place(long days) {
  constexpr std::array<long, kAges - 1> kEnds = {1, 7, 30, 90, 365};
  return static_cast<std::size_t>(std::upper_bound(kEnds.begin(), kEnds.end(), days) - kEnds.begin());
}

std::size_t band_place(int score) {
  return std::min(static_cast<std::size_t>(std::max(score, 0)) / 20, kBands - 1);
}

Counts count(const AuditReport& report) {
  Counts counts;
  for (const Workload& workload : report.workloads) {
    const auto action = static_cast<std::size_t>(
        std::find(kActionsByUrgency.begin(), kActionsByUrgency.end(), workload.action) - kActionsByUrgency.begin());
    const std::size_t band = band_place(workload.mutability);
    ++counts.bands[band][action];
    const std::optional<Time> oldest = oldest_start(workload);
    if (!oldest) {
      ++counts.not_running;
      continue;
    }
    const std::size_t age = age_place(days_between(*oldest, report.made));
    ++counts.ages[age][action];
    ++counts.heat[band][age];
  }
  return counts;
}

// All charts share one frame, small enough for its letters to stay legible on a phone.
constexpr int kWidth = 360;
constexpr int kHeight = 216;
constexpr int kLeft = 46;
constexpr int kBottom = 190;
constexpr int kTop = 16;

Html chart(std::string_view title, std::string_view subtitle, std::string_view label, const Html& drawing,
           const Html& note = {}) {
  Html html;
  return html.fill<"chart">(as<"title">(title), as<"subtitle">(subtitle), as<"width">(kWidth), as<"height">(kHeight),
                            as<"label">(label), as<"drawing">(drawing), as<"note">(note));
}

void put_label(Html& html, int x, int y, std::string_view anchor, std::string_view look, std::string_view text) {
  html.fill<"chart-label">(as<"x">(x), as<"y">(y), as<"anchor">(anchor), as<"class">(look), as<"text">(text));
}

// How much a place of the grid asks for: what is both old and able to change, most of all.
Action urgency_of(std::size_t band, std::size_t age) {
  const std::size_t risk = band * age;  // 0 to (kBands - 1) * (kAges - 1)
  if (risk <= 3) return Action::fine;
  return risk <= 8 ? Action::make_immutable : Action::rotate_now;
}

void put_cell(Html& html, int x, int y, int width, int height, Action urgency, double share, std::size_t count) {
  if (count == 0) {
    html.fill<"chart-empty-cell">(as<"x">(x), as<"y">(y), as<"width">(width), as<"height">(height));
    return;
  }
  html.fill<"chart-cell">(as<"x">(x), as<"y">(y), as<"width">(width), as<"height">(height),
                          as<"class">(class_of(urgency)), as<"opacity">(fixed_text(0.15 + 0.85 * share, 2)));
  put_label(html, x + width / 2, y + height / 2 + 4, "middle", "value", std::to_string(count));
}

Html heat_chart(const Counts& counts) {
  std::size_t most = 0;
  for (const auto& row : counts.heat) most = std::max(most, *std::max_element(row.begin(), row.end()));
  constexpr int kCellWidth = (kWidth - kLeft) / static_cast<int>(kAges);
  constexpr int kCellHeight = (kBottom - kTop) / static_cast<int>(kBands);
  Html html;
  for (std::size_t band = 0; band < kBands; ++band) {
    const int y = kBottom - static_cast<int>(band + 1) * kCellHeight;
    put_label(html, kLeft - 8, y + kCellHeight / 2 + 4, "end", "", kBandNames[band]);
    for (std::size_t age = 0; age < kAges; ++age) {
      const int x = kLeft + static_cast<int>(age) * kCellWidth;
      const std::size_t here = counts.heat[band][age];
      // The square root keeps a few visible next to very many.
      const double share = most == 0 ? 0 : std::sqrt(static_cast<double>(here) / static_cast<double>(most));
      put_cell(html, x + 1, y + 1, kCellWidth - 3, kCellHeight - 3, urgency_of(band, age), share, here);
    }
  }
  for (std::size_t age = 0; age < kAges; ++age) {
    const int middle = kLeft + static_cast<int>(age) * kCellWidth + kCellWidth / 2;
    put_label(html, middle, kBottom + 16, "middle", "", kAgeNames[age]);
  }
  Html note;
  if (counts.not_running > 0) { note.fill<"chart-note">(as<"workloads">(counted(counts.not_running, "workload"))); }
  return chart("Age and mutability", "Workloads; clean up the upper right corner first",
               "Number of workloads by age of their oldest container and by mutability", html, note);
}

template <std::size_t N>
Html bars_of(const std::array<Stack, N>& stacks, const std::array<const char*, N>& names) {
  Html html;
  std::size_t most = 1;
  for (const Stack& stack : stacks) {
    std::size_t sum = 0;
    for (const std::size_t count : stack) sum += count;
    most = std::max(most, sum);
  }
  constexpr int kStep = (kWidth - 10) / static_cast<int>(N);
  html.fill<"chart-axis">(as<"right">(kWidth - 4), as<"y">(kBottom));
  for (std::size_t i = 0; i < N; ++i) {
    const int x = 6 + static_cast<int>(i) * kStep;
    std::size_t before = 0;
    int top = kBottom;
    for (std::size_t action = 0; action < kActions; ++action) {
      const std::size_t count = stacks[i][action];
      if (count == 0) continue;
      before += count;
      const auto share = static_cast<double>(before) / static_cast<double>(most);
      const int y = std::min(top - 2, kBottom - static_cast<int>(std::lround(share * (kBottom - kTop - 8))));
      html.fill<"chart-bar">(as<"class">(class_of(kActionsByUrgency[action])), as<"x">(x + 3), as<"y">(y),
                             as<"width">(kStep - 6), as<"height">(top - y));
      top = y;
    }
    put_label(html, x + kStep / 2, top - 5, "middle", "value", std::to_string(before));
    put_label(html, x + kStep / 2, kBottom + 16, "middle", "", names[i]);
  }
  return html;
}

Html legend(const Page& page) {
  Html entries;
  for (const Action action : kActionsByUrgency) {
    entries.fill<"chart-legend-entry">(as<"class">(class_of(action)), as<"title">(title_of(action)),
                                       as<"count">(page.sum.of(action)));
  }
  Html html;
  return html.fill<"chart-legend">(as<"entries">(entries));
}

}  // namespace

Html chart_part(const Page& page) {
  Html html;
  if (page.report.workloads.empty()) return html;
  const Counts counts = count(page.report);
  return html.fill<"charts">(as<"heat">(heat_chart(counts)),
                             as<"ages">(chart("Age", "Workloads by their oldest running container",
                                              "Number of workloads by age", bars_of(counts.ages, kAgeNames))),
                             as<"bands">(chart("Mutability", "Workloads by their most mutable container",
                                               "Number of workloads by mutability", bars_of(counts.bands, kBandNames))),
                             as<"legend">(legend(page)));
}

}  // namespace initscan::audit
