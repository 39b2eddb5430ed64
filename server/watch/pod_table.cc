#include "server/watch/pod_table.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace initscan::server {
namespace {

// By the hash of the SBOM, which is that of what was found; where there is none no image is like any other.
std::string images_of(const Scan& scan) {
  return scan.line->sbom_sha256.empty() ? scan.pod_uid : scan.line->sbom_sha256;
}

bool runs(PodState state) {
  return state == PodState::scanned || state == PodState::report_only;
}

}  // namespace

PodChange PodTable::put(PodSource source, const std::string& uid, const std::string& namespace_, PodReading reading) {
  Kept& kept = pods_of(source)[uid];
  PodChange change;
  const bool was_blocked = kept.state == PodState::blocked && kept.blocked_by == reading.blocked_by;
  change.is_newly_blocked = reading.state == PodState::blocked && !was_blocked;

  std::string shown;
  for (Scan& scan : reading.scans) {
    const std::string run = scan.container_id + ' ';
    shown += run;
    if (kept.runs.find(run) == kept.runs.npos) change.new_scans.push_back(scan);
  }
  kept.namespace_ = &names_.try_emplace(namespace_).first->first;
  kept.ungated = reading.ungated;
  kept.state = reading.state;
  kept.is_told = reading.is_told;
  kept.blocked_by = reading.blocked_by;
  kept.is_other = runs(reading.state) && reading.sameness == Sameness::other;
  kept.is_listed = true;
  kept.runs = std::move(shown);
  kept.findings.reset();
  if (runs(reading.state) && !reading.scans.empty() && reading.scans.back().line) {
    const Scan& last = reading.scans.back();
    kept.findings = std::make_unique<Findings>(Findings{images_of(last), last.line->counts});
  }
  return change;
}

void PodTable::forget_runs(PodSource source, const std::string& uid) {
  const auto found = pods_of(source).find(uid);
  if (found != pods_of(source).end()) found->second.runs.clear();
}

void PodTable::begin_list(PodSource source) {
  for (auto& [uid, kept] : pods_of(source)) kept.is_listed = false;
}

void PodTable::end_list(PodSource source) {
  std::erase_if(pods_of(source), [](const auto& pod) { return !pod.second.is_listed; });
}

bool PodTable::has(const std::string& uid) const {
  return labelled_.contains(uid) || others_.contains(uid);
}

bool PodTable::has_any(PodState state) const {
  return std::any_of(labelled_.begin(), labelled_.end(),
                     [state](const auto& pod) { return pod.second.state == state; });
}

void PodTable::add(const Pods& pods, std::map<std::string, NamespaceFigures>& figures) const {
  static const NamespaceRules kNone;
  std::set<std::pair<std::string_view, std::string_view>> counted;  // namespace and images
  for (const auto& [uid, kept] : pods) {
    const auto found = rules_.find(*kept.namespace_);
    const NamespaceRules& rules = found == rules_.end() ? kNone : found->second;
    PodReading reading;
    reading.ungated = kept.ungated;
    reading.state = kept.state;
    reading.is_told = kept.is_told;
    const PodState state = state_of(reading, rules);
    if (state == PodState::ended || state == PodState::unlabelled) continue;
    NamespaceFigures& of_namespace = figures[*kept.namespace_];
    ++of_namespace.pods[static_cast<std::size_t>(state)];
    if (state == PodState::blocked) ++of_namespace.blocked[static_cast<std::size_t>(kept.blocked_by)];
    if (kept.is_other) ++of_namespace.running_unscanned;
    if (kept.findings && counted.emplace(*kept.namespace_, kept.findings->images).second) {
      of_namespace.findings += kept.findings->counts;
    }
  }
}

std::map<std::string, NamespaceFigures> PodTable::figures() const {
  std::map<std::string, NamespaceFigures> figures;
  for (const auto& [name, rules] : rules_) {
    if (rules.is_labelled) figures.try_emplace(name);
  }
  add(labelled_, figures);
  add(others_, figures);
  return figures;
}

}  // namespace initscan::server
