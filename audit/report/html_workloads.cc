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

void put_options(Html& html, const Page& page) {
  html.put("<label class=\"hidden-label\" for=\"filter-words\">Filter by words</label>");
  html.put(
      "<input id=\"filter-words\" type=\"search\" placeholder=\"Filter: shop nginx load-balancer\" "
      "autocomplete=\"off\">");
  html.put("<label class=\"hidden-label\" for=\"filter-action\">Filter by what to do</label>");
  html.put("<select id=\"filter-action\"><option value=\"\">Everything</option>");
  for (const Action action : kActionsByUrgency) {
    html.put("<option value=\"").put(class_of(action)).put("\">").text(title_of(action)).put("</option>");
  }
  html.put("</select><label class=\"hidden-label\" for=\"filter-team\">Filter by team</label>");
  html.put("<select id=\"filter-team\"><option value=\"\">All teams</option>");
  std::size_t listed = 0;
  for (const auto& [name, team] : teams_of(page.report)) {
    if (name.empty() || listed++ >= kMaxListed) continue;
    html.put("<option value=\"").text(name).put("\">").text(name).put("</option>");
  }
  html.put("</select><output id=\"filter-shown\" aria-live=\"polite\"></output>");
}

void put_number(Html& html, Markup label, std::size_t number) {
  html.put("<td class=\"num\" data-label=\"").put(label).put("\">");
  if (number > 0) html.number(number);
  html.put("</td>");
}

void put_row(Html& html, const Page& page, std::size_t place) {
  const Workload& workload = page.report.workloads[place];
  const auto& results = workload.results;
  const auto failures = std::count_if(results.begin(), results.end(), counts);
  const auto fresh = std::count_if(results.begin(), results.end(), [](const WorkloadResult& found) {
    return counts(found) && found.change == Change::appeared;
  });
  html.put("<tr data-action=\"").put(class_of(workload.action)).put("\" data-team=\"").text(workload.team).put("\">");
  html.put("<th scope=\"row\" data-v=\"").text(short_place(page, workload)).put("\">").put(workload_link(page, place));
  html.put("<span class=\"note\">").text(workload.owner.kind).put(", ").text(counted(workload.pods, "pod"));
  html.put("</span></th><td data-label=\"Team\">").text(workload.team).put("</td>");
  // Sorted by urgency, and not by the words.
  html.put("<td class=\"wide\" data-label=\"To do\" data-v=\"")
      .number(4 - static_cast<int>(workload.action))
      .put("\"><span class=\"chip ");
  html.put(class_of(workload.action)).put("\">").text(title_of(workload.action)).put("</span></td>");
  html.put("<td class=\"num\" data-label=\"Mutability\" data-v=\"").number(workload.mutability).put("\">");
  html.number(workload.mutability).put("<svg class=\"bar ").put(class_of(workload.action));
  html.put("\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"");
  html.number(std::clamp(workload.mutability, 0, 100)).put("\" height=\"10\"/></svg></td>");
  const std::optional<Time> oldest = oldest_start(workload);
  html.put("<td class=\"num\" data-label=\"Oldest\" data-v=\"");
  if (oldest) html.number(std::max<std::int64_t>(0, (page.report.made - *oldest).count()));
  html.put("\">")
      .text(oldest ? age_text(*oldest, page.report.made) : "")
      .put("</td><td class=\"keep\" data-label=\"Exposure\" data-v=\"");
  html.number(static_cast<int>(workload.exposure)).put("\">");
  html.text(workload.exposure == Exposure::none ? "" : to_string(workload.exposure)).put("</td>");
  put_number(html, "Fails", static_cast<std::size_t>(failures));
  put_number(html, "New", static_cast<std::size_t>(fresh));
  put_number(html, "Wave", static_cast<std::size_t>(workload.wave.value_or(0)));
  html.put("</tr>\n");
}

}  // namespace

Html workload_part(const Page& page) {
  const std::size_t all = page.report.workloads.size();
  const std::size_t shown = std::min(all, kMaxRows);
  Html html;
  html.put("<section id=\"workloads\"><h2>Workloads</h2>").put(shown_note(shown, all)).put("<div class=\"panel\">");
  html.put("<div class=\"filters js-only\">");
  put_options(html, page);
  html.put(
      "</div><div class=\"scroll\"><table id=\"workload-table\" class=\"rows sortable\"><caption>The most urgent "
      "first: mutability by age and exposure. A name leads to its results and its patch.</caption><thead><tr>"
      "<th scope=\"col\">Workload</th><th scope=\"col\">Team</th><th scope=\"col\">To do</th>"
      "<th scope=\"col\" class=\"num\">Mutability</th><th scope=\"col\" class=\"num\">Oldest</th>"
      "<th scope=\"col\">Exposure</th><th scope=\"col\" class=\"num\">Fails</th>"
      "<th scope=\"col\" class=\"num\">New</th><th scope=\"col\" class=\"num\">Wave</th></tr></thead><tbody>\n");
  for (std::size_t i = 0; i < shown; ++i) put_row(html, page, i);
  html.put("</tbody></table></div></div></section>");
  return html;
}

Html team_part(const Page& page) {
  const Teams teams = teams_of(page.report);
  Html html;
  if (teams.size() < 2) return html;
  html.put("<section id=\"teams\"><h2>Teams</h2>").put(shown_note(kMaxListed, teams.size()));
  html.put(
      "<div class=\"panel scroll\"><table class=\"rows sortable\"><caption>Workloads of each team by what to do with "
      "them</caption><thead><tr><th scope=\"col\">Team</th>");
  for (const Action action : kActionsByUrgency)
    html.put("<th scope=\"col\" class=\"num\">").text(title_of(action)).put("</th>");
  html.put("<th scope=\"col\" class=\"num\">Fails</th></tr></thead><tbody>");
  const auto sorted = by_urgency(teams);
  for (std::size_t i = 0; i < std::min(sorted.size(), kMaxListed); ++i) {
    const auto& [name, team] = *sorted[i];
    html.put("<tr><th scope=\"row\" data-v=\"").text(name).put("\">");
    if (name.empty()) {
      html.put("<span class=\"note\">no team label</span>");
    } else {
      html.text(name)
          .put(" <button type=\"button\" class=\"js-only\" data-show-team=\"")
          .text(name)
          .put("\">Show</button>");
    }
    html.put("</th>");
    for (const Action action : kActionsByUrgency) {
      html.put("<td class=\"num\" data-label=\"").text(title_of(action)).put("\">");
      html.number(team.actions[static_cast<std::size_t>(action)]).put("</td>");
    }
    put_number(html, "Fails", team.failures);
    html.put("</tr>");
  }
  html.put("</tbody></table></div></section>");
  return html;
}

}  // namespace initscan::audit
