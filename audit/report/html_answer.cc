// The first screen: what to rotate now, what to make immutable, what is fine, what is not known and why.

#include "audit/report/html_page.h"
#include "audit/report/words.h"

#include <algorithm>
#include <map>

namespace initscan::audit {
namespace {

constexpr std::size_t kMaxOnCard = 4;

Html count_of(const Page& page, Action action) {
  Html html;
  return html.fill<"toned-count">(as<"class">(class_of(action)), as<"count">(grouped(page.sum.of(action))));
}

// One sentence that someone in a hurry can act on.
Html headline(const Page& page) {
  Html html;
  const std::size_t rotate = page.sum.of(Action::rotate_now);
  const std::size_t immutable = page.sum.of(Action::make_immutable);
  const std::size_t waiting = page.sum.of(Action::not_started);
  if (rotate > 0) {
    html.put(count_of(page, Action::rotate_now)).text(rotate == 1 ? " workload" : " workloads").text(" to rotate now");
    if (immutable > 0) html.text(", ").put(count_of(page, Action::make_immutable)).text(" to make immutable");
  } else if (immutable > 0) {
    html.text("Nothing to rotate now; ").put(count_of(page, Action::make_immutable));
    html.text(immutable == 1 ? " workload" : " workloads").text(" to make immutable");
  } else if (page.sum.of(Action::unknown) > 0) {
    html.put(count_of(page, Action::unknown)).text(" could not be judged, the others are fine");
    if (waiting > 0) html.text(" or have not started");
  } else if (waiting > 0) {
    html.text("Nothing to rotate now; ").put(count_of(page, Action::not_started));
    html.text(waiting == 1 ? " workload has" : " workloads have").text(" not started");
  } else {
    html.text("Nothing to do");
  }
  return html;
}

Html share_bar(const Page& page) {
  const std::size_t all = page.report.workloads.size();
  Html html;
  if (all == 0) return html;
  Html bars;
  std::size_t before = 0;
  for (const Action action : kActionsByUrgency) {
    const std::size_t count = page.sum.of(action);
    if (count == 0) continue;
    const std::size_t from = before * 1000 / all;
    const std::size_t to = (before + count) * 1000 / all;
    bars.fill<"share">(as<"class">(class_of(action)), as<"from">(from),
                       as<"width">(std::max<std::size_t>(to - from, 3)));
    before += count;
  }
  return html.fill<"shares">(as<"bars">(bars));
}

std::string clusters_text(const AuditReport& report) {
  std::string text;
  for (const ClusterSummary& cluster : report.clusters) {
    const std::string name = cluster.name.empty() ? std::string("files") : cluster.name;
    text += (text.empty() ? "" : ", ") + name + (cluster.version.empty() ? "" : " (" + cluster.version + ")");
  }
  return text;
}

Html card(const Page& page, Action action, std::string_view explanation, const Html& items) {
  const std::size_t count = page.sum.of(action);
  Html list;
  if (!items.is_empty()) list.fill<"list">(as<"items">(items));
  Html button;
  if (count > 0) {
    button.fill<"show-action">(as<"class">(class_of(action)),
                               as<"which">(count == 1 ? "it" : "all " + std::to_string(count)));
  }
  Html html;
  return html.fill<"card">(as<"class">(class_of(action)), as<"title">(title_of(action)), as<"count">(grouped(count)),
                           as<"explanation">(explanation), as<"list">(list), as<"button">(button));
}

Html workload_card(const Page& page, Action action, std::string_view explanation) {
  Html items;
  for (std::size_t i = 0, listed = 0; i < page.report.workloads.size() && listed < kMaxOnCard; ++i) {
    const Workload& workload = page.report.workloads[i];
    if (workload.action != action) continue;
    ++listed;
    Html item = workload_link(page, i);
    if (!workload.reasons.empty()) item.fill<"note">(as<"text">(workload.reasons.front()));
    items.fill<"item">(as<"content">(item));
  }
  return card(page, action, explanation, items);
}

// Whole parts that could not be read come first: they hide the most. Then what is unknown most often.
Html unknown_card(const Page& page) {
  Html items;
  std::size_t listed = 0;
  for (const ClusterSummary& cluster : page.report.clusters) {
    for (const Gap& gap : cluster.gaps) {
      if (listed++ >= kMaxOnCard - 1) break;
      items.fill<"card-gap">(as<"part">(gap.part), as<"reason">(gap.reason));
    }
  }
  std::map<std::string_view, std::pair<std::size_t, std::string_view>> unknown;  // check -> how often, one reason
  for (const Workload& workload : page.report.workloads) {
    for (const WorkloadResult& found : workload.results) {
      if (found.result.outcome != Outcome::unknown || found.is_accepted()) continue;
      auto& [count, why] = unknown[found.result.check->title];
      ++count;
      if (why.empty()) why = found.result.message;
    }
  }
  std::vector<std::pair<std::string_view, std::pair<std::size_t, std::string_view>>> often(unknown.begin(),
                                                                                           unknown.end());
  std::stable_sort(often.begin(), often.end(),
                   [](const auto& a, const auto& b) { return a.second.first > b.second.first; });
  for (const auto& [title, what] : often) {
    if (listed++ >= kMaxOnCard) break;
    Html item;
    item.text(title).text(": ").text(counted(what.first, "result")).fill<"note">(as<"text">(what.second));
    items.fill<"item">(as<"content">(item));
  }
  return card(page, Action::unknown, "Not judged, because something could not be read. Not the same as fine.", items);
}

// The totals of the results, whatever is to be done with their workloads.
Html totals(const Page& page) {
  const Summary& sum = page.sum;
  Html accepted;
  if (sum.accepted > 0) accepted.fill<"totals-accepted">(as<"count">(grouped(sum.accepted)));
  Html pods;
  if (sum.blocked_pods > 0) pods.fill<"totals-blocked">(as<"pods">(counted(sum.blocked_pods, "pod")));
  if (sum.ended_pods > 0) pods.fill<"totals-ended">(as<"pods">(counted(sum.ended_pods, "pod")));
  if (sum.skipped_pods > 0) pods.fill<"totals-skipped">(as<"pods">(counted(sum.skipped_pods, "pod")));
  Html html;
  return html.fill<"totals">(as<"failed">(grouped(sum.failed())), as<"critical">(grouped(sum.of(Severity::critical))),
                             as<"high">(grouped(sum.of(Severity::high))),
                             as<"medium">(grouped(sum.of(Severity::medium))), as<"passed">(grouped(sum.passed)),
                             as<"accepted">(accepted), as<"pods">(pods));
}

Html since_previous(const Page& page) {
  const AuditReport& report = page.report;
  Html html;
  if (!report.compared_with) return html;
  Html gone;
  if (!report.gone.empty()) gone.fill<"since-gone">(as<"count">(report.gone.size()));
  return html.fill<"since">(as<"date">(date_text(*report.compared_with)), as<"appeared">(grouped(page.sum.appeared)),
                            as<"fixed">(report.fixed.size()), as<"gone">(gone));
}

// The words are those of the exit code: a part that could not be read makes it 1, a single answer only with --fail-on.
Html notice(const Page& page) {
  const std::string unknown = counted(page.sum.unknown, "result");
  Html html;
  if (page.sum.gaps > 0) {
    html.fill<"notice-of-gaps">(as<"parts">(counted(page.sum.gaps, "part")),
                                as<"unknown">(page.sum.unknown > 0 ? "; " + unknown + " not known" : ""));
  } else if (page.sum.unknown > 0) {
    html.fill<"notice-of-unknown">(as<"results">(unknown));
  }
  return html;
}

}  // namespace

Html header_part(const Page& page) {
  const AuditReport& report = page.report;
  const std::size_t fine = page.sum.of(Action::fine);
  Html html;
  return html.fill<"header">(
      as<"date">(date_text(report.made)), as<"policy">(report.policy_name), as<"headline">(headline(page)),
      as<"fine">(grouped(fine)), as<"workloads">(counted(report.workloads.size(), "workload")),
      as<"are">(fine == 1 ? "is" : "are"), as<"unknown">(grouped(page.sum.of(Action::unknown))),
      as<"pods">(counted(page.sum.pods, "pod")), as<"containers">(counted(page.sum.containers, "container")),
      as<"clusters">(clusters_text(report)), as<"since">(since_previous(page)), as<"shares">(share_bar(page)),
      as<"notice">(notice(page)));
}

Html answer_part(const Page& page) {
  Html cards =
      workload_card(page, Action::rotate_now, "They have changed since they started, or can and are old enough.");
  cards.put(workload_card(page, Action::make_immutable, "They can change. A patch for each is below."));
  if (page.sum.of(Action::not_started) > 0) {
    cards.put(workload_card(page, Action::not_started,
                            "Nothing of them runs yet: they wait for a node, an image or initscan's gate."));
  }
  cards.put(unknown_card(page));
  cards.put(workload_card(page, Action::fine, "Young, or unable to change while they run."));
  Html html;
  return html.fill<"cards">(as<"cards">(cards)).put(totals(page)).line_break();
}

}  // namespace initscan::audit
