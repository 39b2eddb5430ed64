#include "audit/judge/workloads.h"

#include "audit/judge/exceptions.h"
#include "audit/judge/findings.h"
#include "audit/judge/patch.h"
#include "audit/judge/score.h"
#include "audit/judge/selecting.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace initscan::audit {
namespace {

using WorkloadKey = std::tuple<std::string, std::string, std::string, std::string>;  // namespace, group, kind, name
using ContainerName = std::pair<ContainerKind, std::string>;

bool is_newer(const Pod& pod, const Pod& other) {
  return std::tie(pod.created, pod.name) > std::tie(other.created, other.name);
}

// Where the pod does not say it, its node does.
std::string os_of(const Pod& pod, const ClusterFacts& cluster) {
  if (!pod.os.empty() || !cluster.nodes) return pod.os;
  const auto node = cluster.nodes->find(pod.node);
  return node == cluster.nodes->end() ? std::string{} : node->second.os;
}

// What of a pod the patch is made from; secrets and what is large stay behind.
Pod template_part(const Pod& pod, const ClusterFacts& cluster) {
  Pod part;
  part.name = pod.name;
  part.namespace_ = pod.namespace_;
  part.created = pod.created;
  part.os = os_of(pod, cluster);
  part.host_network = pod.host_network;
  part.security = pod.security;
  part.volumes = pod.volumes;
  for (const Container& container : pod.containers) {
    if (container.kind == ContainerKind::ephemeral) continue;
    Container kept = container;
    kept.environment.clear();
    part.containers.push_back(std::move(kept));
  }
  return part;
}

// Keeps the first of all in order, so that the order in which they come does not matter.
void insert_bounded(std::vector<std::string>& sorted, const std::string& text, std::size_t most) {
  const auto place = std::lower_bound(sorted.begin(), sorted.end(), text);
  if (place != sorted.end() && *place == text) return;
  sorted.insert(place, text);
  if (sorted.size() > most) sorted.pop_back();
}

void take_status(WorkloadContainer& container, const ContainerStatus& status) {
  container.max_restarts = std::max(container.max_restarts, status.restarts);
  if (!status.image_id.empty()) insert_bounded(container.image_ids, status.image_id, kMaxImageIds);
  if (status.state != ContainerState::running) return;
  ++container.running;
  if (status.started && (!container.oldest_start || *status.started < *container.oldest_start)) {
    container.oldest_start = status.started;
  }
}

void take_write_layer(WorkloadContainer& container, const Pod& pod, const ClusterFacts& cluster) {
  Known<WriteLayer>& largest = container.largest_write_layer;
  const auto layer = cluster.write_layers.find({pod.namespace_, pod.name, container.name});
  if (layer != cluster.write_layers.end()) {
    if (!largest || layer->second.bytes > largest->bytes) largest = {layer->second, {}};
    return;
  }
  if (largest) return;
  const auto gap = cluster.write_layer_gaps.find(pod.node);
  if (gap != cluster.write_layer_gaps.end()) {
    if (largest.why_not.empty() || gap->second < largest.why_not) largest.why_not = gap->second;
  } else if (largest.why_not.empty()) {
    largest.why_not = "no kubelet said it";
  }
}

}  // namespace

struct Workloads::Parts {
  struct Entry {
    Workload workload;
    Findings findings;
    std::map<ContainerName, WorkloadContainer> containers;
    std::map<ContainerName, std::vector<std::string>> image_names;  // in the pods' specs; bounded as image ids are
    std::optional<Pod> newest;
  };

  Parts(const CheckContext& given, const ObservedWrites* writes)
      : context(given), observed(writes), selectors(given.cluster) {
    if (!given.cluster.services) exposure_gap = given.cluster.services.why_not;
    if (!given.cluster.services && exposure_gap.empty()) exposure_gap = "Services could not be read";
  }

  Entry& entry_of(const Pod& pod) {
    Owner owner = owner_of(pod, context.cluster);
    Entry& entry = entries[{pod.namespace_, owner.api_version, owner.kind, owner.name}];
    if (entry.workload.pods == 0) {
      entry.workload.cluster = context.cluster.name;
      entry.workload.namespace_ = pod.namespace_;
      entry.workload.owner = std::move(owner);
    } else if (is_newer(pod, *entry.newest)) {
      entry.workload.owner.uid = std::move(owner.uid);
    }
    return entry;
  }

  std::string team_of(const Pod& pod) const {
    const std::string& label = context.policy.team_label;
    if (const auto own = pod.labels.find(label); own != pod.labels.end()) return own->second;
    if (!context.cluster.namespaces) return {};
    const auto space = context.cluster.namespaces->find(pod.namespace_);
    if (space == context.cluster.namespaces->end()) return {};
    const auto team = space->second.labels.find(label);
    return team == space->second.labels.end() ? std::string{} : team->second;
  }

  void take_containers(Entry& entry, const Pod& pod, bool newest) {
    for (const Container& container : pod.containers) {
      const auto [at, is_new] = entry.containers.try_emplace({container.kind, container.name});
      WorkloadContainer& kept = at->second;
      kept.name = container.name;
      kept.kind = container.kind;
      if (is_new || newest) kept.image = container.image;
      std::vector<std::string>& names = entry.image_names[at->first];
      insert_bounded(names, container.image, kMaxImageIds);
      kept.image_names = names.size();
      take_status(kept, container.status);
      take_write_layer(kept, pod, context.cluster);
    }
  }

  Workload finish(Entry& entry) const {
    Workload& workload = entry.workload;
    for (auto& [name, container] : entry.containers) workload.containers.push_back(std::move(container));
    entry.findings.add_shared(evaluate(workload, context), workload.pods);
    workload.passed = entry.findings.passed();
    workload.skipped = entry.findings.skipped();
    workload.results = entry.findings.take();
    apply_exceptions(workload, context.policy, context.now);
    judge(workload, context.policy, context.now, exposure_gap);
    ManifestPatch patch = make_patch(*entry.newest, workload.owner, observed);
    workload.patch = std::move(patch.yaml);
    workload.patch_notes = std::move(patch.notes);
    return std::move(workload);
  }

  const CheckContext context;
  const ObservedWrites* const observed;
  const Selectors selectors;
  std::string exposure_gap;
  std::map<WorkloadKey, Entry> entries;
};

Workloads::Workloads(const CheckContext& context, const ObservedWrites* observed)
    : parts_(std::make_unique<Parts>(context, observed)) {}

Workloads::~Workloads() = default;

void Workloads::add(const Pod& pod, std::vector<CheckResult> results) {
  Parts::Entry& entry = parts_->entry_of(pod);
  const bool newest = !entry.newest || is_newer(pod, *entry.newest);
  if (newest) {
    entry.newest = template_part(pod, parts_->context.cluster);
    entry.workload.team = parts_->team_of(pod);
  }
  parts_->take_containers(entry, pod, newest);
  entry.findings.add(pod, std::move(results));
  const Selecting selecting = parts_->selectors.of(pod);
  entry.workload.exposure = std::max(entry.workload.exposure, selecting.exposure);
  for (const std::string& name : selecting.services) insert_bounded(entry.workload.services, name, kMaxSelecting);
  for (const std::string& name : selecting.budgets) insert_bounded(entry.workload.budgets, name, kMaxSelecting);
  ++entry.workload.pods;
}

std::vector<Workload> Workloads::finish() {
  std::vector<Workload> workloads;
  workloads.reserve(parts_->entries.size());
  // One at a time, so that it is never there twice.
  while (!parts_->entries.empty()) {
    auto entry = parts_->entries.extract(parts_->entries.begin());
    workloads.push_back(parts_->finish(entry.mapped()));
  }
  return workloads;
}

void sort_by_urgency(std::vector<Workload>& workloads) {
  const auto place = [](const Workload& w) {
    return std::tie(w.cluster, w.namespace_, w.owner.kind, w.owner.name, w.owner.api_version);
  };
  std::sort(workloads.begin(), workloads.end(), [&](const Workload& a, const Workload& b) {
    return a.urgency != b.urgency ? a.urgency > b.urgency : place(a) < place(b);
  });
}

}  // namespace initscan::audit
