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
  html.put("<b class=\"tone ").put(class_of(action)).put("\">").text(grouped(page.sum.of(action))).put("</b>");
  return html;
}

// One sentence that someone in a hurry can act on.
Html headline(const Page& page) {
  Html html;
  const std::size_t rotate = page.sum.of(Action::rotate_now);
  const std::size_t immutable = page.sum.of(Action::make_immutable);
  const std::size_t waiting = page.sum.of(Action::not_started);
  html.put("<h1>");
  if (rotate > 0) {
    html.put(count_of(page, Action::rotate_now)).text(rotate == 1 ? " workload" : " workloads").put(" to rotate now");
    if (immutable > 0) html.put(", ").put(count_of(page, Action::make_immutable)).put(" to make immutable");
  } else if (immutable > 0) {
    html.put("Nothing to rotate now; ")
        .put(count_of(page, Action::make_immutable))
        .text(immutable == 1 ? " workload" : " workloads");
    html.put(" to make immutable");
  } else if (page.sum.of(Action::unknown) > 0) {
    html.put(count_of(page, Action::unknown)).put(" could not be judged, the others are fine");
    if (waiting > 0) html.put(" or have not started");
  } else if (waiting > 0) {
    html.put("Nothing to rotate now; ").put(count_of(page, Action::not_started));
    html.text(waiting == 1 ? " workload has" : " workloads have").put(" not started");
  } else {
    html.put("Nothing to do");
  }
  html.put(".</h1>");
  return html;
}

Html share_bar(const Page& page) {
  Html html;
  const std::size_t all = page.report.workloads.size();
  if (all == 0) return html;
  html.put("<svg class=\"share\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
  std::size_t before = 0;
  for (const Action action : kActionsByUrgency) {
    const std::size_t count = page.sum.of(action);
    if (count == 0) continue;
    const std::size_t from = before * 1000 / all;
    const std::size_t to = (before + count) * 1000 / all;
    html.put("<rect class=\"").put(class_of(action)).put("\" x=\"").number(from).put("\" width=\"");
    html.number(std::max<std::size_t>(to - from, 3)).put("\" height=\"10\"/>");
    before += count;
  }
  html.put("</svg>");
  return html;
}

std::string clusters_text(const AuditReport& report) {
  std::string text;
  for (const ClusterSummary& cluster : report.clusters) {
    const std::string name = cluster.name.empty() ? std::string("files") : cluster.name;
    text += (text.empty() ? "" : ", ") + name + (cluster.version.empty() ? "" : " (" + cluster.version + ")");
  }
  return text;
}

void put_show_button(Html& html, const Page& page, Action action) {
  if (page.sum.of(action) == 0) return;
  html.put("<button type=\"button\" class=\"js-only\" data-show-action=\"").put(class_of(action)).put("\">Show ");
  html.text(page.sum.of(action) == 1 ? "it" : "all " + std::to_string(page.sum.of(action))).put("</button>");
}

Html workload_card(const Page& page, Action action, Markup explanation) {
  Html html;
  html.put("<article class=\"card ").put(class_of(action)).put("\"><h2>").text(title_of(action)).put("</h2>");
  html.put("<p class=\"figure\">").text(grouped(page.sum.of(action))).put("</p><p>").put(explanation).put("</p>");
  Html list;
  for (std::size_t i = 0, listed = 0; i < page.report.workloads.size() && listed < kMaxOnCard; ++i) {
    const Workload& workload = page.report.workloads[i];
    if (workload.action != action) continue;
    ++listed;
    list.put("<li>").put(workload_link(page, i));
    if (!workload.reasons.empty()) list.put("<span class=\"note\">").text(workload.reasons.front()).put("</span>");
    list.put("</li>");
  }
  if (!list.is_empty()) html.put("<ul>").put(list).put("</ul>");
  put_show_button(html, page, action);
  html.put("</article>");
  return html;
}

// Whole parts that could not be read come first: they hide the most. Then what is unknown most often.
Html unknown_card(const Page& page) {
  Html list;
  std::size_t listed = 0;
  for (const ClusterSummary& cluster : page.report.clusters) {
    for (const Gap& gap : cluster.gaps) {
      if (listed++ >= kMaxOnCard - 1) break;
      list.put("<li><a href=\"#gaps\">")
          .text(gap.part)
          .put("</a><span class=\"note\">")
          .text(gap.reason)
          .put("</span></li>");
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
    list.put("<li>").text(title).put(": ").text(counted(what.first, "result"));
    list.put("<span class=\"note\">").text(what.second).put("</span></li>");
  }
  Html html;
  html.put("<article class=\"card unknown\"><h2>Unknown</h2><p class=\"figure\">")
      .text(grouped(page.sum.of(Action::unknown)));
  html.put("</p><p>Not judged, because something could not be read. Not the same as fine.</p>");
  if (!list.is_empty()) html.put("<ul>").put(list).put("</ul>");
  put_show_button(html, page, Action::unknown);
  html.put("</article>");
  return html;
}

// The totals of the results, whatever is to be done with their workloads.
Html totals(const Page& page) {
  const Summary& sum = page.sum;
  Html html;
  html.put("<p class=\"totals\">Results: ").text(grouped(sum.failed())).put(" failed (");
  html.text(grouped(sum.of(Severity::critical))).put(" critical, ").text(grouped(sum.of(Severity::high)));
  html.put(" high, ").text(grouped(sum.of(Severity::medium))).put(" medium), ");
  html.text(grouped(sum.passed)).put(" passed");
  if (sum.accepted > 0)
    html.put(", <a href=\"#accepted\">").text(grouped(sum.accepted)).put(" accepted</a> by an exception");
  html.put(".");
  if (sum.blocked_pods > 0) {
    html.put(" ").text(counted(sum.blocked_pods, "pod")).put(" kept from starting by initscan's gate.");
  }
  if (sum.ended_pods > 0) html.put(" ").text(counted(sum.ended_pods, "pod")).put(" that ended, not judged.");
  if (sum.skipped_pods > 0) {
    html.put(" ").text(counted(sum.skipped_pods, "pod")).put(" in namespaces that the policy skips.");
  }
  html.put("</p>");
  return html;
}

}  // namespace

Html header_part(const Page& page) {
  const AuditReport& report = page.report;
  Html html;
  html.put("<header class=\"top\"><p class=\"kicker\"><b>Container audit</b> of ").text(date_text(report.made));
  html.put(" &middot; policy ").text(report.policy_name).put("</p>").put(headline(page)).put("<p class=\"lead\"><b>");
  html.text(grouped(page.sum.of(Action::fine))).put("</b> of ").text(counted(report.workloads.size(), "workload"));
  html.put(page.sum.of(Action::fine) == 1 ? Markup(" is fine, <b>") : Markup(" are fine, <b>"));
  html.text(grouped(page.sum.of(Action::unknown))).put("</b> could not be judged. Looked at: ");
  html.text(counted(page.sum.pods, "pod")).put(" with ").text(counted(page.sum.containers, "container")).put(" in ");
  html.text(clusters_text(report)).put(".");
  if (report.compared_with) {
    html.put(" Since ").text(date_text(*report.compared_with)).put(": <b>").text(grouped(page.sum.appeared));
    html.put("</b> new, <b>").number(report.fixed.size()).put("</b> fixed");
    if (!report.gone.empty()) html.put(", <b>").number(report.gone.size()).put("</b> gone with their pods");
    html.put(".");
  }
  html.put("</p>").put(share_bar(page));
  // The words are those of the exit code: a part that could not be read makes it 1, a single answer only with
  // --fail-on.
  if (page.sum.gaps > 0) {
    html.put("<p class=\"notice\"><b>Not complete.</b> <a href=\"#gaps\">").text(counted(page.sum.gaps, "part"));
    html.put("</a> could not be read");
    if (page.sum.unknown > 0) html.put("; ").text(counted(page.sum.unknown, "result")).put(" not known");
    html.put(".</p>");
  } else if (page.sum.unknown > 0) {
    html.put("<p class=\"notice\">Everything could be read; ").text(counted(page.sum.unknown, "result"));
    html.put(" not known.</p>");
  }
  html.put("</header>");
  return html;
}

Html answer_part(const Page& page) {
  Html html;
  html.put("<div class=\"cards\">");
  html.put(workload_card(page, Action::rotate_now, "They have changed since they started, or can and are old enough."));
  html.put(workload_card(page, Action::make_immutable, "They can change. A patch for each is below."));
  if (page.sum.of(Action::not_started) > 0) {
    html.put(workload_card(page, Action::not_started,
                           "Nothing of them runs yet: they wait for a node, an image or initscan's gate."));
  }
  html.put(unknown_card(page));
  html.put(workload_card(page, Action::fine, "Young, or unable to change while they run."));
  html.put("</div>").put(totals(page));
  return html;
}

}  // namespace initscan::audit
