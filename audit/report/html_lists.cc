// What changed, the rotation plan, the checks, what is accepted, and what could not be read.

#include "audit/report/html_page.h"
#include "audit/report/words.h"
#include "common/time/rfc3339.h"

#include <algorithm>
#include <map>

namespace initscan::audit {
namespace {

constexpr std::chrono::days kSoon{14};  // an exception that ends within is shown as such

void put_finding(Html& html, std::string_view title, std::string_view container) {
  html.text(title);
  if (!container.empty()) html.put(" in <code>").text(container).put("</code>");
}

Html new_list(const Page& page) {
  Html list;
  std::size_t listed = 0;
  for (std::size_t i = 0; i < page.report.workloads.size(); ++i) {
    for (const WorkloadResult& found : page.report.workloads[i].results) {
      if (found.change != Change::appeared || !counts(found) || listed >= kMaxListed) continue;
      ++listed;
      list.put("<li><span class=\"chip ").put(class_of(found.result.check->severity)).put("\">");
      list.text(to_string(found.result.check->severity)).put("</span> ").put(workload_link(page, i)).put(": ");
      put_finding(list, found.result.check->title, found.result.container);
      list.put("</li>");
    }
  }
  Html html;
  html.put("<div class=\"panel\"><h3>New: ").number(page.sum.appeared).put("</h3>");
  if (!list.is_empty()) html.put("<ul class=\"plain\" tabindex=\"0\">").put(list).put("</ul>");
  html.put(shown_note(listed, page.sum.appeared)).put("</div>");
  return html;
}

Html earlier_list(Markup title, const std::vector<FixedResult>& fixed) {
  Html html;
  html.put("<div class=\"panel\"><h3>").put(title).put(": ").number(fixed.size()).put("</h3>");
  if (!fixed.empty()) html.put("<ul class=\"plain\" tabindex=\"0\">");
  for (std::size_t i = 0; i < std::min(fixed.size(), kMaxListed); ++i) {
    html.put("<li><span class=\"name\">").text(fixed[i].namespace_).put("/").text(fixed[i].workload).put("</span>: ");
    put_finding(html, fixed[i].check, fixed[i].container);
    if (fixed[i].first_seen) {
      html.put(" <span class=\"note\">there since ")
          .text(format_rfc3339(*fixed[i].first_seen).substr(0, 10))
          .put("</span>");
    }
    html.put("</li>");
  }
  if (!fixed.empty()) html.put("</ul>");
  html.put(shown_note(kMaxListed, fixed.size())).put("</div>");
  return html;
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

std::string or_all(std::string_view text, std::string_view all) {
  return std::string(text.empty() ? all : text);
}

}  // namespace

Html change_part(const Page& page) {
  Html html;
  if (!page.report.compared_with) return html;
  std::size_t still = page.sum.failed() - std::min(page.sum.appeared, page.sum.failed());
  html.put("<section id=\"changes\"><h2>Since the previous audit</h2><p class=\"note\">Compared with the audit of ");
  html.text(date_text(*page.report.compared_with)).put(". Still there: ").text(counted(still, "failure"));
  html.put(".</p><div class=\"columns\">").put(new_list(page)).put(earlier_list("Fixed", page.report.fixed));
  if (!page.report.gone.empty()) html.put(earlier_list("Gone with their pods, not fixed", page.report.gone));
  // What it depended on could not be read this time: it must not be taken for fixed.
  if (!page.report.not_read.empty()) html.put(earlier_list("Not read this time", page.report.not_read));
  html.put("</div></section>");
  return html;
}

Html wave_part(const Page& page) {
  Html html;
  if (page.report.waves.empty()) return html;
  html.put(
      "<section id=\"waves\"><h2>Rotation plan</h2><p class=\"note\">One wave after the other, each as large as the "
      "PodDisruptionBudgets allow.</p><div class=\"panel scroll\"><table class=\"rows\"><caption>Waves</caption>"
      "<thead><tr><th scope=\"col\">Wave</th><th scope=\"col\">Workloads</th></tr></thead><tbody>");
  for (const RotationWave& wave : page.report.waves) {
    html.put("<tr><th scope=\"row\" class=\"keep\">Wave ").number(wave.number).put("<span class=\"note\">");
    html.text(counted(wave.workloads.size(), "workload")).put("</span></th><td>");
    std::size_t listed = 0;
    for (const std::size_t place : wave.workloads) {
      if (place >= page.report.workloads.size() || listed >= kMaxListed) continue;
      html.put(listed++ == 0 ? Markup("") : Markup(", ")).put(workload_link(page, place));
    }
    html.put(shown_note(listed, wave.workloads.size())).put("</td></tr>");
  }
  html.put("</tbody></table></div></section>");
  return html;
}

Html check_part(const Page& page) {
  std::vector<const Check*> checks = checks_of(page.report);
  Html html;
  if (checks.empty()) return html;
  std::stable_sort(checks.begin(), checks.end(),
                   [](const Check* a, const Check* b) { return a->severity > b->severity; });
  const auto tallies = tallies_of(page.report);
  html.put(
      "<section id=\"checks\"><h2>Checks</h2><div class=\"panel scroll\"><table class=\"rows sortable\"><caption>What "
      "failed or could not be answered: why it matters and what to change. Containers are counted, or pods where a "
      "check is about the whole pod.</caption><thead><tr><th scope=\"col\">Severity</th><th scope=\"col\">Check</th>"
      "<th scope=\"col\" class=\"num\">Workloads</th><th scope=\"col\" class=\"num\">Failed</th>"
      "<th scope=\"col\" class=\"num\">Unknown</th><th scope=\"col\">Remedy</th></tr></thead><tbody>");
  for (const Check* check : checks) {
    const Tally& tally = tallies.at(check->id);
    html.put("<tr><td data-v=\"").number(static_cast<int>(check->severity)).put("\"><span class=\"chip ");
    html.put(class_of(check->severity)).put("\">").text(to_string(check->severity)).put("</span></td>");
    html.put("<th scope=\"row\">").text(check->title).put(" <code class=\"note\">").text(check->id).put("</code>");
    html.put("<span class=\"note\">").text(check->why).put("</span></th><td class=\"num\" data-label=\"Workloads\">");
    html.number(tally.workloads).put("</td><td class=\"num\" data-label=\"Failed\">").number(tally.failed);
    html.put("</td><td class=\"num\" data-label=\"Unknown\">")
        .number(tally.unknown)
        .put("</td><td data-label=\"Remedy\"><div>");
    html.text(check->remedy).put("<span class=\"note\">").text(references_of(*check)).put("</span></div></td></tr>");
  }
  html.put("</tbody></table></div></section>");
  return html;
}

Html exception_part(const Page& page) {
  const std::vector<Exception>& exceptions = page.report.exceptions;
  Html html;
  if (exceptions.empty()) return html;
  html.put(
          "<section id=\"accepted\"><h2>Accepted</h2><p class=\"note\">Exceptions of the audit's policy, and of "
          "initscan's objects in the cluster as far as its policy allows them; owners cannot grant them to "
          "themselves. ")
      .text(counted(page.sum.accepted, "result"))
      .put(" of this audit.</p>");
  html.put(
      "<div class=\"panel scroll\"><table class=\"rows sortable\"><caption>Exceptions</caption><thead><tr><th "
      "scope=\"col\">"
      "Check</th><th scope=\"col\">Where</th><th scope=\"col\">Reason</th><th "
      "scope=\"col\">Ends</th></tr></thead><tbody>");
  for (std::size_t i = 0; i < std::min(exceptions.size(), kMaxListed); ++i) {
    const Exception& e = exceptions[i];
    const auto left = e.expires - page.report.made;
    html.put("<tr><th scope=\"row\">")
        .text(e.check == "*" ? "every check" : e.check)
        .put("</th><td data-label=\"Where\"><code>");
    html.text(or_all(e.namespace_, "*") + '/' + or_all(e.workload, "*") +
              (e.container.empty() ? "" : " " + e.container));
    html.put("</code></td><td data-label=\"Reason\">").text(e.reason);
    if (!e.granted_by.empty()) html.put("<span class=\"note\">").text(e.granted_by).put("</span>");
    html.put("</td><td data-label=\"Ends\" data-v=\"");
    html.number(e.expires.time_since_epoch().count()).put("\"><div>").text(format_rfc3339(e.expires).substr(0, 10));
    if (left.count() <= 0) {
      html.put(" <span class=\"chip rotate-now\">ended</span>");
    } else if (left < kSoon) {
      html.put(" <span class=\"chip make-immutable\">in ").text(age_text(page.report.made, e.expires)).put("</span>");
    }
    html.put("</div></td></tr>");
  }
  html.put("</tbody></table></div>").put(shown_note(kMaxListed, exceptions.size())).put("</section>");
  return html;
}

Html detour_part(const Page& page) {
  Html html;
  if (page.sum.detours == 0) return html;
  html.put(
      "<section id=\"detours\"><h2>May get around initscan</h2><p class=\"note\">Whoever holds one of these rights can "
      "start what no gate has scanned.</p><div class=\"panel scroll\"><table class=\"rows\"><caption>Rights that lead "
      "around initscan</caption><thead><tr><th scope=\"col\">Who</th><th scope=\"col\">Rights</th><th "
      "scope=\"col\">Cluster</th></tr></thead><tbody>");
  std::size_t listed = 0;
  for (const ClusterSummary& cluster : page.report.clusters) {
    for (const auto& [holder, detour] : cluster.detours) {
      if (listed >= kMaxListed) break;
      ++listed;
      html.put("<tr><th scope=\"row\">").text(text_of(holder)).put("</th><td data-label=\"Rights\">");
      html.text(text_of(detour)).put("</td><td data-label=\"Cluster\">");
      html.text(cluster.name.empty() ? "files" : cluster.name).put("</td></tr>");
    }
  }
  html.put("</tbody></table></div>").put(shown_note(listed, page.sum.detours)).put("</section>");
  return html;
}

Html gap_part(const Page& page) {
  Html html;
  if (page.sum.gaps == 0 && page.report.warnings.empty()) return html;
  html.put(
      "<section id=\"gaps\"><h2>Not read</h2><p class=\"note\">What these parts would have told is unknown, and "
      "nothing that depends on them is called fine.</p>");
  if (page.sum.gaps > 0) {
    html.put(
        "<div class=\"panel scroll\"><table class=\"rows\"><caption>Parts that could not be read</caption><thead><tr>"
        "<th scope=\"col\">Cluster</th><th scope=\"col\">Part</th><th scope=\"col\">Why</th></tr></thead><tbody>");
  }
  std::size_t listed = 0;
  for (const ClusterSummary& cluster : page.report.clusters) {
    for (const Gap& gap : cluster.gaps) {
      if (listed >= kMaxListed) break;
      ++listed;
      html.put("<tr><td data-label=\"Cluster\">").text(cluster.name.empty() ? "files" : cluster.name);
      html.put("</td><th scope=\"row\">")
          .text(gap.part)
          .put("</th><td data-label=\"Why\">")
          .text(gap.reason)
          .put("</td></tr>");
    }
  }
  if (page.sum.gaps > 0) html.put("</tbody></table></div>").put(shown_note(listed, page.sum.gaps));
  if (!page.report.warnings.empty()) {
    html.put("<h3 class=\"warnings\">Warnings</h3><ul class=\"reasons\">");
    for (std::size_t i = 0; i < std::min(page.report.warnings.size(), kMaxListed); ++i) {
      html.element("li", page.report.warnings[i]);
    }
    html.put("</ul>").put(shown_note(kMaxListed, page.report.warnings.size()));
  }
  html.put("</section>");
  return html;
}

}  // namespace initscan::audit
