// One section for each owner: why, its containers, its results, the patch, the wave.

#include "audit/report/html_page.h"
#include "audit/report/words.h"
#include "common/time/rfc3339.h"

#include <algorithm>
#include <array>

namespace initscan::audit {
namespace {

Html list_of(std::string_view look, const std::vector<Text>& texts) {
  Html html;
  if (texts.empty()) return html;
  Html items;
  for (const Text& text : texts) items.fill<"item">(as<"content">(Html().text(text)));
  return html.fill<"list-of">(as<"class">(look), as<"items">(items));
}

Html code_of(std::string_view text) {
  Html html;
  if (!text.empty()) html.fill<"code">(as<"text">(text));
  return html;
}

Html write_layer_of(const WorkloadContainer& container) {
  Html html;
  const auto& layer = container.largest_write_layer;
  if (!layer) return html.fill<"not-known">(as<"why">(layer.why_not));
  return html.text(size_text(layer->bytes));
}

Html images_of(const WorkloadContainer& container) {
  Html html;
  const auto& ids = container.image_ids;
  if (ids.empty()) return html;
  if (ids.size() > 1) return html.fill<"different-images">(as<"count">(ids.size()));
  // What tells images apart is at the end of a reference.
  const std::string_view id = ids.front();
  const std::size_t digest = id.rfind("sha256:");
  if (digest == id.npos) return html.fill<"code">(as<"text">(id));
  return html.fill<"digest">(as<"start">(id.substr(digest, std::string_view("sha256:0123456789ab").size())));
}

void put_container(Html& html, const WorkloadContainer& container, Time made) {
  Html kind;
  if (container.kind != ContainerKind::regular) kind.fill<"container-kind">(as<"kind">(to_string(container.kind)));
  std::string reasons;
  for (const Text& reason : container.reasons) reasons.append(reasons.empty() ? "" : "; ").append(reason);
  html.fill<"container">(as<"name">(container.name), as<"kind">(kind), as<"image">(container.image),
                         as<"score">(container.score), as<"reasons">(reasons),
                         as<"age">(container.oldest_start ? age_text(*container.oldest_start, made) : ""),
                         as<"restarts">(container.max_restarts), as<"write-layer">(write_layer_of(container)),
                         as<"images">(images_of(container)));
}

Html container_table(const Workload& workload, Time made) {
  Html html;
  if (workload.containers.empty()) return html;
  Html rows;
  for (const WorkloadContainer& container : workload.containers) put_container(rows, container, made);
  return html.fill<"containers">(as<"rows">(rows));
}

Html state_of(const WorkloadResult& found) {
  const KeptResult& result = found.result;
  Html html;
  if (found.is_accepted()) return html.fill<"plain-chip">(as<"text">("accepted"));
  const bool unknown = result.outcome == Outcome::unknown;
  return html.fill<"chip">(as<"class">(unknown ? "unknown" : class_of(result.check->severity)),
                           as<"text">(unknown ? "unknown" : to_string(result.check->severity)));
}

Html since_of(const WorkloadResult& found, bool compared) {
  Html html;
  if (found.change != Change::appeared) {
    if (found.first_seen) html.text(format_rfc3339(*found.first_seen).substr(0, 10));
  } else if (compared) {
    html.fill<"bold">(as<"text">("new"));
  }
  return html;
}

void put_result(Html& html, const WorkloadResult& found, bool compared) {
  const KeptResult& result = found.result;
  Html accepted;
  if (found.is_accepted()) accepted.fill<"accepted-by">(as<"exception">(found.exception));
  Html evidence;
  if (!result.evidence.empty()) evidence.fill<"evidence">(as<"text">(result.evidence));
  Html cells;
  cells.fill<"result-cells">(as<"state">(state_of(found)), as<"title">(result.check->title),
                             as<"message">(result.message), as<"accepted">(accepted),
                             as<"container">(code_of(result.container)), as<"value">(code_of(result.value)),
                             as<"evidence">(evidence), as<"pods">(found.pods), as<"since">(since_of(found, compared)));
  if (found.is_accepted()) {
    html.fill<"accepted-result-row">(as<"cells">(cells));
  } else {
    html.fill<"result-row">(as<"cells">(cells));
  }
}

Html result_table(const Workload& workload, bool compared) {
  Html html;
  if (workload.results.empty()) return html;
  const std::size_t shown = std::min(workload.results.size(), kMaxResultRows);
  Html rows;
  for (std::size_t i = 0; i < shown; ++i) put_result(rows, workload.results[i], compared);
  return html.fill<"results">(as<"rows">(rows), as<"shown">(shown_note(shown, workload.results.size())));
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

Html command_of(const Workload& workload) {
  Html html;
  if (takes_strategic_patch(workload.owner) && is_plain_name(workload.namespace_) &&
      is_plain_name(workload.owner.name)) {
    html.fill<"patch-command">(as<"namespace">(workload.namespace_), as<"kind">(workload.owner.kind),
                               as<"name">(workload.owner.name));
  }
  return html;
}

Html patch_of(const Workload& workload) {
  Html html;
  if (workload.patch.empty()) return html;
  return html.fill<"patch">(as<"patch">(Html().lines(workload.patch)),
                            as<"notes">(list_of("reasons facts", workload.patch_notes)),
                            as<"command">(command_of(workload)));
}

Html reasons_of(const Workload& workload) {
  Html html;
  if (workload.reasons.empty()) return html;
  return html.fill<"heading">(as<"text">("Why")).put(list_of("reasons", workload.reasons));
}

Html rotation_of(const Workload& workload) {
  Html html;
  if (workload.wave_reason.empty()) return html;
  return html.fill<"rotation">(as<"wave">(workload.wave ? "Wave " + std::to_string(*workload.wave) : "In no wave"),
                               as<"reason">(workload.wave_reason));
}

void put_owner(Html& html, const Page& page, std::size_t place) {
  const Workload& workload = page.report.workloads[place];
  Html team;
  if (!workload.team.empty()) team.fill<"plain-chip">(as<"text">(workload.team));
  Html wave;
  if (workload.wave) wave.fill<"owner-wave">(as<"number">(*workload.wave));
  html.fill<"owner">(
          as<"class">(class_of(workload.action)), as<"place">(place), as<"name">(short_place(page, workload)),
          as<"action">(title_of(workload.action)), as<"team">(team), as<"mutability">(workload.mutability),
          as<"wave">(wave), as<"kind">(workload.owner.kind), as<"pods">(counted(workload.pods, "pod")),
          as<"exposure">(to_string(workload.exposure)), as<"urgency">(fixed_text(workload.urgency, 1)),
          as<"passed">(counted(workload.passed, "result")), as<"why">(reasons_of(workload)),
          as<"rotation">(rotation_of(workload)), as<"containers">(container_table(workload, page.report.made)),
          as<"results">(result_table(workload, page.report.compared_with.has_value())), as<"patch">(patch_of(workload)))
      .line_break();
}

}  // namespace

Html owner_part(const Page& page) {
  Html html;
  if (page.detail_count == 0) return html;
  html.fill<"owners-start">(as<"shown">(shown_note(page.detail_count, page.detail_count + page.without_detail)));
  html.line_break();
  for (std::size_t i = 0; i < page.detailed.size(); ++i) {
    if (page.detailed[i]) put_owner(html, page, i);
  }
  html.fill<"owners-end">();
  return html;
}

}  // namespace initscan::audit
