// One section for each owner: why, its containers, its results, the patch, the wave.

#include "audit/report/html_page.h"
#include "audit/report/words.h"
#include "common/time/rfc3339.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

void put_list(Html& html, Markup look, const std::vector<Text>& texts) {
  if (texts.empty()) return;
  html.put("<ul class=\"").put(look).put("\">");
  for (const Text& text : texts) html.element("li", text);
  html.put("</ul>");
}

void put_container(Html& html, const WorkloadContainer& container, Time made) {
  html.put("<tr><th scope=\"row\"><code>").text(container.name).put("</code>");
  if (container.kind != ContainerKind::regular)
    html.put(" <span class=\"chip\">").text(to_string(container.kind)).put("</span>");
  html.put("<span class=\"note\">").text(container.image).put("</span></th>");
  html.put("<td class=\"num\" data-label=\"Score\">").number(container.score).put("</td><td data-label=\"Because\">");
  std::string reasons;
  for (const Text& reason : container.reasons) reasons.append(reasons.empty() ? "" : "; ").append(reason);
  html.text(reasons).put("</td><td class=\"keep\" data-label=\"Running\">");
  if (container.oldest_start) html.text(age_text(*container.oldest_start, made));
  html.put("</td><td class=\"num\" data-label=\"Restarts\">").number(container.max_restarts);
  html.put("</td><td data-label=\"Write layer\">");
  if (container.largest_write_layer) {
    html.text(size_text(container.largest_write_layer->bytes));
  } else {
    html.put("<span class=\"note\">not known: ").text(container.largest_write_layer.why_not).put("</span>");
  }
  html.put("</td><td data-label=\"Image ids\">");
  if (container.image_ids.size() > 1) {
    html.put("<b>").number(container.image_ids.size()).put(" different</b>");
  } else if (!container.image_ids.empty()) {
    // What tells images apart is at the end of a reference.
    const std::string_view id = container.image_ids.front();
    const std::size_t digest = id.rfind("sha256:");
    if (digest == id.npos) {
      html.put("<code>").text(id).put("</code>");
    } else {
      html.put("<code class=\"keep\">")
          .text(id.substr(digest, std::string_view("sha256:0123456789ab").size()))
          .put("</code>");
    }
  }
  html.put("</td></tr>");
}

Html container_table(const Workload& workload, Time made) {
  Html html;
  if (workload.containers.empty()) return html;
  html.put(
      "<h3>Containers</h3><div class=\"inner scroll\"><table class=\"rows\"><caption class=\"hidden-label\">Containers"
      "</caption><thead><tr><th scope=\"col\">Container</th><th scope=\"col\" class=\"num\">Score</th><th "
      "scope=\"col\">"
      "Because</th><th scope=\"col\">Running</th><th scope=\"col\" class=\"num\">Restarts</th><th scope=\"col\">Write "
      "layer</th><th scope=\"col\">Image</th></tr></thead><tbody>");
  for (const WorkloadContainer& container : workload.containers) put_container(html, container, made);
  html.put("</tbody></table></div>");
  return html;
}

void put_state(Html& html, const WorkloadResult& found) {
  const KeptResult& result = found.result;
  if (found.is_accepted()) {
    html.put("<span class=\"chip\">accepted</span>");
  } else if (result.outcome == Outcome::unknown) {
    html.put("<span class=\"chip unknown\">unknown</span>");
  } else {
    html.put("<span class=\"chip ").put(class_of(result.check->severity)).put("\">");
    html.text(to_string(result.check->severity)).put("</span>");
  }
}

void put_result(Html& html, const WorkloadResult& found, bool compared) {
  const KeptResult& result = found.result;
  html.put(found.is_accepted() ? Markup("<tr class=\"accepted\">") : Markup("<tr>")).put("<td>");
  put_state(html, found);
  html.put("</td><th scope=\"row\"><a href=\"#checks\">").text(result.check->title).put("</a><span class=\"note\">");
  html.text(result.message).put("</span>");
  if (found.is_accepted()) html.put("<span class=\"note\">Accepted: ").text(found.exception).put("</span>");
  html.put("</th><td data-label=\"Container\">");
  if (!result.container.empty()) html.put("<code>").text(result.container).put("</code>");
  html.put("</td><td data-label=\"Value\"><div>");
  if (!result.value.empty()) html.put("<code>").text(result.value).put("</code>");
  if (!result.evidence.empty()) html.put("<span class=\"note\"><code>").text(result.evidence).put("</code></span>");
  html.put("</div></td><td class=\"num\" data-label=\"Pods\">")
      .number(found.pods)
      .put("</td><td data-label=\"Since\">");
  if (compared && found.change == Change::appeared) html.put("<b>new</b>");
  if (found.change != Change::appeared && found.first_seen) html.text(format_rfc3339(*found.first_seen).substr(0, 10));
  html.put("</td></tr>");
}

Html result_table(const Workload& workload, bool compared) {
  Html html;
  if (workload.results.empty()) return html;
  html.put(
      "<h3>Results</h3><div class=\"inner scroll\"><table class=\"rows\"><caption class=\"hidden-label\">Results"
      "</caption><thead><tr><th scope=\"col\">Severity</th><th scope=\"col\">Check</th><th scope=\"col\">Container"
      "</th><th scope=\"col\">Value</th><th scope=\"col\" class=\"num\">Pods</th><th scope=\"col\">Since</th></tr>"
      "</thead><tbody>");
  const std::size_t shown = std::min(workload.results.size(), kMaxResultRows);
  for (std::size_t i = 0; i < shown; ++i) put_result(html, workload.results[i], compared);
  html.put("</tbody></table></div>").put(shown_note(shown, workload.results.size()));
  return html;
}

// A command is copied into a shell: only names that mean nothing to one.
bool is_plain_name(std::string_view name) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyz0123456789.-";
  return !name.empty() && name.front() != '-' && name.find_first_not_of(kPlain) == name.npos;
}

bool takes_strategic_patch(const Owner& owner) {
  constexpr std::array<std::string_view, 5> kKinds = {"Deployment", "StatefulSet", "DaemonSet", "CronJob",
                                                      "ReplicaSet"};
  return std::find(kKinds.begin(), kKinds.end(), owner.kind) != kKinds.end();
}

Html patch_of(const Workload& workload) {
  Html html;
  if (workload.patch.empty()) return html;
  html.put("<h3>Patch</h3><div class=\"patch\"><pre tabindex=\"0\"><code>").lines(workload.patch).put("</code></pre>");
  html.put("<button type=\"button\" class=\"js-only\">Copy</button></div>");
  put_list(html, "reasons facts", workload.patch_notes);
  if (takes_strategic_patch(workload.owner) && is_plain_name(workload.namespace_) &&
      is_plain_name(workload.owner.name)) {
    html.put("<p class=\"command\">Save it as patch.yaml and try it without effect first: <code>kubectl -n ")
        .text(workload.namespace_);
    html.put(" patch ").text(workload.owner.kind).put("/").text(workload.owner.name);
    html.put(" --patch-file=patch.yaml --dry-run=server</code></p>");
  }
  return html;
}

Html owner_of(const Page& page, std::size_t place) {
  const Workload& workload = page.report.workloads[place];
  Html html;
  html.put("<details class=\"owner ").put(class_of(workload.action)).put("\" id=\"w").number(place).put("\"><summary>");
  html.put("<span class=\"name\">").text(short_place(page, workload)).put("</span><span class=\"chip solid ");
  html.put(class_of(workload.action)).put("\">").text(title_of(workload.action)).put("</span>");
  if (!workload.team.empty()) html.put("<span class=\"chip\">").text(workload.team).put("</span>");
  html.put("<span class=\"chip\">mutability ").number(workload.mutability).put("</span>");
  if (workload.wave) html.put("<span class=\"chip\">wave ").number(*workload.wave).put("</span>");
  html.put("</summary><div class=\"body\"><p class=\"facts\">").text(workload.owner.kind).put(" with ");
  html.text(counted(workload.pods, "pod")).put("; exposure: ").text(to_string(workload.exposure)).put("; urgency ");
  html.text(fixed_text(workload.urgency, 1)).put("; ").text(counted(workload.passed, "result")).put(" passed.</p>");
  if (!workload.reasons.empty()) html.put("<h3>Why</h3>");
  put_list(html, "reasons", workload.reasons);
  if (!workload.wave_reason.empty()) {
    html.put("<h3>Rotation</h3><p>");
    workload.wave ? html.put("Wave ").number(*workload.wave).put(": ") : html.put("In no wave: ");
    html.text(workload.wave_reason).put("</p>");
  }
  html.put(container_table(workload, page.report.made))
      .put(result_table(workload, page.report.compared_with.has_value()));
  html.put(patch_of(workload)).put("</div></details>\n");
  return html;
}

}  // namespace

Html owner_part(const Page& page) {
  Html html;
  if (page.detail_count == 0) return html;
  html.put("<section id=\"owners\"><h2>By owner</h2><p class=\"note\">Score and reasons, results, patch and wave.</p>");
  html.put(shown_note(page.detail_count, page.detail_count + page.without_detail));
  html.put(
      "<p class=\"actions js-only\"><button type=\"button\" data-open=\"all\">Open all</button> "
      "<button type=\"button\" data-open=\"none\">Close all</button></p>\n");
  for (std::size_t i = 0; i < page.detailed.size(); ++i) {
    if (page.detailed[i]) html.put(owner_of(page, i));
  }
  html.put("</section>");
  return html;
}

}  // namespace initscan::audit
