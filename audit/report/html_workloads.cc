// The table of workloads, and what teams have to do.

#include "audit/report/html_page.h"
#include "audit/report/words.h"

#include <algorithm>
#include <array>
#include <map>

namespace initscan::audit {
namespace {

struct Team {
  std::size_t workloads = 0;
  std::array<std::size_t, kActionsByUrgency.size()> actions{};
  std::size_t failures = 0;
};

using Teams = std::map<std::string, Team>;

Teams teams_of(const AuditReport& report) {
  Teams teams;
  for (const Workload& workload : report.workloads) {
    Team& team = teams[workload.team];
    ++team.workloads;
    ++team.actions[static_cast<std::size_t>(workload.action)];
    team.failures += static_cast<std::size_t>(std::count_if(workload.results.begin(), workload.results.end(), counts));
  }
  return teams;
}

std::vector<Teams::const_iterator> by_urgency(const Teams& teams) {
  std::vector<Teams::const_iterator> sorted;
  for (auto at = teams.begin(); at != teams.end(); ++at) sorted.push_back(at);
  const auto weight = [](Teams::const_iterator at) {
    return std::pair(at->second.actions[static_cast<std::size_t>(Action::rotate_now)],
                     at->second.actions[static_cast<std::size_t>(Action::make_immutable)]);
  };
  std::stable_sort(sorted.begin(), sorted.end(), [&](auto a, auto b) { return weight(a) > weight(b); });
  return sorted;
}

Html action_options() {
  Html html;
  for (const Action action : kActionsByUrgency) {
    html.fill<"option">(as<"value">(class_of(action)), as<"title">(title_of(action)));
  }
  return html;
}

Html team_options(const Page& page) {
  Html html;
  std::size_t listed = 0;
  for (const auto& [name, team] : teams_of(page.report)) {
    if (name.empty() || listed++ >= kMaxListed) continue;
    html.fill<"option">(as<"value">(name), as<"title">(name));
  }
  return html;
}

// Cells that mean nothing when they are 0 stay empty.
std::string or_empty(std::size_t number) {
  return number == 0 ? "" : std::to_string(number);
}

void put_row(Html& html, const Page& page, std::size_t place) {
  const Workload& workload = page.report.workloads[place];
  const auto& results = workload.results;
  const auto failures = std::count_if(results.begin(), results.end(), counts);
  const auto fresh = std::count_if(results.begin(), results.end(), [](const WorkloadResult& found) {
    return counts(found) && found.change == Change::appeared;
  });
  const std::optional<Time> oldest = oldest_start(workload);
  const Time made = page.report.made;
  html.fill<"workload-row">(
          as<"class">(class_of(workload.action)), as<"team">(workload.team), as<"name">(short_place(page, workload)),
          as<"link">(workload_link(page, place)), as<"kind">(workload.owner.kind),
          as<"pods">(counted(workload.pods, "pod")),
          // Sorted by urgency, and not by the words.
          as<"urgency">(4 - static_cast<int>(workload.action)), as<"action">(title_of(workload.action)),
          as<"mutability">(workload.mutability), as<"bar">(std::clamp(workload.mutability, 0, 100)),
          as<"seconds">(oldest ? std::to_string(std::max<std::int64_t>(0, (made - *oldest).count())) : ""),
          as<"age">(oldest ? age_text(*oldest, made) : ""), as<"exposure-rank">(static_cast<int>(workload.exposure)),
          as<"exposure">(workload.exposure == Exposure::none ? "" : to_string(workload.exposure)),
          as<"failures">(or_empty(static_cast<std::size_t>(failures))),
          as<"fresh">(or_empty(static_cast<std::size_t>(fresh))),
          as<"wave">(or_empty(static_cast<std::size_t>(workload.wave.value_or(0)))))
      .line_break();
}

Html team_heading(const std::string& name) {
  Html html;
  if (name.empty()) return html.fill<"note">(as<"text">("no team label"));
  return html.fill<"team-heading">(as<"name">(name));
}

void put_team(Html& html, const std::string& name, const Team& team) {
  Html columns;
  for (const Action action : kActionsByUrgency) {
    columns.fill<"team-count">(as<"title">(title_of(action)),
                               as<"count">(team.actions[static_cast<std::size_t>(action)]));
  }
  html.fill<"team-row">(as<"name">(name), as<"heading">(team_heading(name)), as<"counts">(columns),
                        as<"failures">(or_empty(team.failures)));
}

}  // namespace

Html workload_part(const Page& page) {
  const std::size_t all = page.report.workloads.size();
  const std::size_t shown = std::min(all, kMaxRows);
  Html html;
  html.fill<"workloads">(as<"shown">(shown_note(shown, all)), as<"actions">(action_options()),
                         as<"teams">(team_options(page)));
  html.line_break();
  for (std::size_t i = 0; i < shown; ++i) put_row(html, page, i);
  html.fill<"workloads-end">();
  return html;
}

Html team_part(const Page& page) {
  const Teams teams = teams_of(page.report);
  Html html;
  if (teams.size() < 2) return html;
  Html columns;
  for (const Action action : kActionsByUrgency) columns.fill<"team-column">(as<"title">(title_of(action)));
  Html rows;
  const auto sorted = by_urgency(teams);
  for (std::size_t i = 0; i < std::min(sorted.size(), kMaxListed); ++i) {
    put_team(rows, sorted[i]->first, sorted[i]->second);
  }
  return html.fill<"teams">(as<"shown">(shown_note(kMaxListed, teams.size())), as<"actions">(columns),
                            as<"rows">(rows));
}

}  // namespace initscan::audit
