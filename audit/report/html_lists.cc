// What changed, the rotation plan, the checks, what is accepted, and what could not be read.

#include "audit/report/html_page.h"
#include "audit/report/words.h"
#include "common/time/rfc3339.h"

#include <algorithm>
#include <map>

namespace initscan::audit {
namespace {

constexpr std::chrono::days kSoon{14};  // an exception that ends within is shown as such

Html finding(std::string_view title, std::string_view container) {
  Html html;
  if (container.empty()) return html.text(title);
  return html.fill<"finding-in">(as<"title">(title), as<"container">(container));
}

Html change_list(std::string_view title, std::size_t count, const Html& items, std::size_t shown) {
  Html list;
  if (!items.is_empty()) list.fill<"changes-items">(as<"items">(items));
  Html html;
  return html.fill<"changes-list">(as<"title">(title), as<"count">(count), as<"list">(list),
                                   as<"shown">(shown_note(shown, count)));
}

Html new_list(const Page& page) {
  Html items;
  std::size_t listed = 0;
  for (std::size_t i = 0; i < page.report.workloads.size(); ++i) {
    for (const WorkloadResult& found : page.report.workloads[i].results) {
      if (found.change != Change::appeared || !counts(found) || listed >= kMaxListed) continue;
      ++listed;
      const Check& check = *found.result.check;
      items.fill<"changes-new">(as<"class">(class_of(check.severity)), as<"severity">(to_string(check.severity)),
                                as<"link">(workload_link(page, i)),
                                as<"finding">(finding(check.title, found.result.container)));
    }
  }
  return change_list("New", page.sum.appeared, items, listed);
}

Html earlier_list(std::string_view title, const std::vector<FixedResult>& fixed) {
  Html items;
  for (std::size_t i = 0; i < std::min(fixed.size(), kMaxListed); ++i) {
    Html since;
    if (fixed[i].first_seen) {
      since.fill<"changes-since">(as<"day">(format_rfc3339(*fixed[i].first_seen).substr(0, 10)));
    }
    items.fill<"changes-earlier">(as<"namespace">(fixed[i].namespace_), as<"workload">(fixed[i].workload),
                                  as<"finding">(finding(fixed[i].check, fixed[i].container)), as<"since">(since));
  }
  return change_list(title, fixed.size(), items, kMaxListed);
}

// How often a check fails, over the whole report.
struct Tally {
  std::size_t workloads = 0;
  std::size_t failed = 0;
  std::size_t unknown = 0;
  std::size_t accepted = 0;
};

std::map<std::string_view, Tally> tallies_of(const AuditReport& report) {
  std::map<std::string_view, Tally> tallies;
  for (const Workload& workload : report.workloads) {
    std::string_view last;
    for (const WorkloadResult& found : workload.results) {
      Tally& tally = tallies[found.result.check->id];
      tally.accepted += found.is_accepted();
      tally.failed += counts(found) ? found.pods : 0;
      tally.unknown += !found.is_accepted() && found.result.outcome == Outcome::unknown ? found.pods : 0;
      if (last != found.result.check->id) ++tally.workloads;
      last = found.result.check->id;
    }
  }
  return tallies;
}

std::string references_of(const Check& check) {
  std::string text;
  const auto add = [&text](std::string_view where, std::string_view id) {
    if (!id.empty()) text += (text.empty() ? "" : ", ") + std::string(where) + ' ' + std::string(id);
  };
  add("CIS Docker", check.cis_docker);
  add("CIS Kubernetes", check.cis_kubernetes);
  add("Pod Security", check.pss);
  add("NSA", check.nsa);
  add("Kubescape", check.kubescape);
  add("Trivy", check.trivy);
  return text;
}

Html end_of(const Exception& exception, Time made) {
  const auto left = exception.expires - made;
  Html html;
  if (left.count() <= 0) {
    html.fill<"exception-ended">();
  } else if (left < kSoon) {
    html.fill<"exception-ends-soon">(as<"time">(age_text(made, exception.expires)));
  }
  return html;
}

std::string or_all(std::string_view text, std::string_view all) {
  return std::string(text.empty() ? all : text);
}

std::string name_of(const ClusterSummary& cluster) {
  return cluster.name.empty() ? "files" : cluster.name;
}

void put_exception(Html& html, const Exception& e, Time made) {
  Html granted_by;
  if (!e.granted_by.empty()) granted_by.fill<"note">(as<"text">(e.granted_by));
  html.fill<"exception">(as<"check">(e.check == "*" ? "every check" : e.check),
                         as<"where">(or_all(e.namespace_, "*") + '/' + or_all(e.workload, "*") +
                                     (e.container.empty() ? "" : " " + e.container)),
                         as<"reason">(e.reason), as<"granted-by">(granted_by),
                         as<"seconds">(e.expires.time_since_epoch().count()),
                         as<"day">(format_rfc3339(e.expires).substr(0, 10)), as<"ends">(end_of(e, made)));
}

Html gap_table(const Page& page) {
  Html html;
  if (page.sum.gaps == 0) return html;
  Html rows;
  std::size_t listed = 0;
  for (const ClusterSummary& cluster : page.report.clusters) {
    for (const Gap& gap : cluster.gaps) {
      if (listed >= kMaxListed) break;
      ++listed;
      rows.fill<"gap">(as<"cluster">(name_of(cluster)), as<"part">(gap.part), as<"reason">(gap.reason));
    }
  }
  return html.fill<"gap-table">(as<"rows">(rows), as<"shown">(shown_note(listed, page.sum.gaps)));
}

Html warning_list(const std::vector<std::string>& warnings) {
  Html html;
  if (warnings.empty()) return html;
  Html items;
  for (std::size_t i = 0; i < std::min(warnings.size(), kMaxListed); ++i) {
    items.fill<"item">(as<"content">(Html().text(warnings[i])));
  }
  return html.fill<"warnings">(as<"items">(items), as<"shown">(shown_note(kMaxListed, warnings.size())));
}

}  // namespace

Html change_part(const Page& page) {
  const AuditReport& report = page.report;
  Html html;
  if (!report.compared_with) return html;
  const std::size_t still = page.sum.failed() - std::min(page.sum.appeared, page.sum.failed());
  Html lists = new_list(page);
  lists.put(earlier_list("Fixed", report.fixed));
  if (!report.gone.empty()) lists.put(earlier_list("Gone with their pods, not fixed", report.gone));
  // What it depended on could not be read this time: it must not be taken for fixed.
  if (!report.not_read.empty()) lists.put(earlier_list("Not read this time", report.not_read));
  return html.fill<"changes">(as<"date">(date_text(*report.compared_with)), as<"failures">(counted(still, "failure")),
                              as<"lists">(lists));
}

Html wave_part(const Page& page) {
  Html html;
  if (page.report.waves.empty()) return html;
  Html rows;
  for (const RotationWave& wave : page.report.waves) {
    Html links;
    std::size_t listed = 0;
    for (const std::size_t place : wave.workloads) {
      if (place >= page.report.workloads.size() || listed >= kMaxListed) continue;
      links.text(listed++ == 0 ? "" : ", ").put(workload_link(page, place));
    }
    rows.fill<"wave">(as<"number">(wave.number), as<"workloads">(counted(wave.workloads.size(), "workload")),
                      as<"links">(links), as<"shown">(shown_note(listed, wave.workloads.size())));
  }
  return html.fill<"waves">(as<"rows">(rows));
}

Html check_part(const Page& page) {
  std::vector<const Check*> checks = checks_of(page.report);
  Html html;
  if (checks.empty()) return html;
  std::stable_sort(checks.begin(), checks.end(),
                   [](const Check* a, const Check* b) { return a->severity > b->severity; });
  const auto tallies = tallies_of(page.report);
  Html rows;
  for (const Check* check : checks) {
    const Tally& tally = tallies.at(check->id);
    rows.fill<"check">(as<"rank">(static_cast<int>(check->severity)), as<"class">(class_of(check->severity)),
                       as<"severity">(to_string(check->severity)), as<"title">(check->title), as<"id">(check->id),
                       as<"why">(check->why), as<"workloads">(tally.workloads), as<"failed">(tally.failed),
                       as<"unknown">(tally.unknown), as<"remedy">(check->remedy),
                       as<"references">(references_of(*check)));
  }
  return html.fill<"checks">(as<"rows">(rows));
}

Html exception_part(const Page& page) {
  const std::vector<Exception>& exceptions = page.report.exceptions;
  Html html;
  if (exceptions.empty()) return html;
  Html rows;
  for (std::size_t i = 0; i < std::min(exceptions.size(), kMaxListed); ++i) {
    put_exception(rows, exceptions[i], page.report.made);
  }
  return html.fill<"exceptions">(as<"results">(counted(page.sum.accepted, "result")), as<"rows">(rows),
                                 as<"shown">(shown_note(kMaxListed, exceptions.size())));
}

Html detour_part(const Page& page) {
  Html html;
  if (page.sum.detours == 0) return html;
  Html rows;
  std::size_t listed = 0;
  for (const ClusterSummary& cluster : page.report.clusters) {
    for (const auto& [holder, detour] : cluster.detours) {
      if (listed >= kMaxListed) break;
      ++listed;
      rows.fill<"detour">(as<"holder">(text_of(holder)), as<"rights">(text_of(detour)),
                          as<"cluster">(name_of(cluster)));
    }
  }
  return html.fill<"detours">(as<"rows">(rows), as<"shown">(shown_note(listed, page.sum.detours)));
}

Html gap_part(const Page& page) {
  Html html;
  if (page.sum.gaps == 0 && page.report.warnings.empty()) return html;
  return html.fill<"gaps">(as<"parts">(gap_table(page)), as<"warnings">(warning_list(page.report.warnings)));
}

}  // namespace initscan::audit
