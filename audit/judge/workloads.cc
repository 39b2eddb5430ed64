#include "audit/judge/workloads.h"

#include "audit/check/gate.h"
#include "audit/harden/patch.h"
#include "audit/judge/exceptions.h"
#include "audit/judge/findings.h"
#include "audit/judge/score.h"
#include "audit/judge/selecting.h"
#include "audit/judge/text_pool.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

namespace initscan::audit {
namespace {

bool is_newer(const Pod& pod, std::optional<Time> created, std::string_view name) {
  return std::tuple(pod.created, std::string_view(pod.name)) > std::tuple(created, name);
}

// Where the pod does not say it, its node does.
std::string os_of(const Pod& pod, const ClusterFacts& cluster) {
  if (!pod.os.empty() || !cluster.nodes) return pod.os;
  const auto node = cluster.nodes->find(pod.node);
  return node == cluster.nodes->end() ? std::string{} : node->second.os;
}

// Keeps the first of all in order, so that the order in which they come does not matter.
template <class Kept, class Keep>
void insert_bounded(std::vector<Kept>& sorted, const std::string& text, std::size_t most, Keep keep) {
  const auto place = std::lower_bound(sorted.begin(), sorted.end(), text);
  if (place != sorted.end() && *place == text) return;
  if (place == sorted.end() && sorted.size() == most) return;
  sorted.insert(place, keep(text));
  if (sorted.size() > most) sorted.pop_back();
}

void insert_bounded(std::vector<Text>& sorted, const std::string& text, std::size_t most, TextPool& texts) {
  insert_bounded(sorted, text, most, [&](const std::string& one) { return texts.keep(one); });
}

void insert_bounded(std::vector<std::string>& sorted, const std::string& text, std::size_t most) {
  insert_bounded(sorted, text, most, [](const std::string& one) { return one; });
}

void take_status(WorkloadContainer& container, const ContainerStatus& status, TextPool& texts) {
  container.max_restarts = std::max(container.max_restarts, status.restarts);
  if (!status.image_id.empty()) insert_bounded(container.image_ids, status.image_id, kMaxImageIds, texts);
  if (status.state != ContainerState::running) return;
  ++container.running;
  if (status.started && (!container.oldest_start || *status.started < *container.oldest_start)) {
    container.oldest_start = status.started;
  }
}

void take_write_layer(WorkloadContainer& container, const Pod& pod, const ClusterFacts& cluster) {
  Known<WriteLayer>& largest = container.largest_write_layer;
  const auto layer = cluster.write_layers.find({pod.namespace_, pod.name, std::string(container.name)});
  if (layer != cluster.write_layers.end()) {
    if (!largest || layer->second.bytes > largest->bytes) largest = {layer->second, {}};
    return;
  }
  if (largest) return;
  const auto gap = cluster.write_layer_gaps.find(pod.node);
  if (gap != cluster.write_layer_gaps.end()) {
    if (largest.why_not.empty() || gap->second < largest.why_not) largest.why_not = gap->second;
  } else if (largest.why_not.empty()) {
    largest.why_not = "no kubelet reported it";
  }
}

// One owner while its pods pass by.
struct Entry {
  // One container of it, and its images as the pods' specs name them; bounded as image ids are.
  struct OneContainer {
    WorkloadContainer container;
    std::vector<Text> image_names;
  };

  Workload workload;
  Findings findings;
  std::vector<OneContainer> containers;  // by kind, then name
  // Of the newest pod, whose template is the one to be patched.
  std::optional<Time> newest_created;
  Text newest_name;
  Text template_digest;  // "": no pod has been seen
};

// An owner's place in its cluster: namespace, group, kind, name.
using Place = std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;

Place place_of(const std::unique_ptr<Entry>& entry) {
  const Owner& owner = entry->workload.owner;
  return {entry->workload.namespace_, owner.api_version, owner.kind, owner.name};
}

const Place& place_of(const Place& place) {
  return place;
}

struct ByPlace {
  using is_transparent = void;
  bool operator()(const auto& a, const auto& b) const { return place_of(a) < place_of(b); }
};

}  // namespace

struct Workloads::Parts {
  Parts(const CheckContext& given, const ObservedWrites* writes, GrantedExceptions* exceptions)
      : context(given), observed(writes), granted(exceptions), selectors(given.cluster) {
    if (!given.cluster.services) exposure_gap = given.cluster.services.why_not;
    if (!given.cluster.services && exposure_gap.empty()) exposure_gap = "Services could not be read";
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

  Entry& entry_of(const Pod& pod, Owner&& owner) {
    const Place place{pod.namespace_, owner.api_version, owner.kind, owner.name};
    const auto known = entries.lower_bound(place);
    if (known != entries.end() && place_of(*known) == place) return **known;
    auto made = std::make_unique<Entry>();
    made->workload.cluster = context.cluster.name;
    made->workload.namespace_ = pod.namespace_;
    made->workload.owner = std::move(owner);
    return **entries.insert(known, std::move(made));
  }

  // The newest pod says what its owner's template is now. What replicas have in common is worked out once.
  void take_template(Entry& entry, const Pod& pod) {
    Workload& workload = entry.workload;
    entry.newest_created = pod.created;
    entry.newest_name = pod.name;
    workload.team = team_of(pod);
    const std::string os = os_of(pod, context.cluster);
    const std::string digest = template_digest(pod, os);
    if (entry.template_digest == digest) return;
    entry.template_digest = digest;
    ManifestPatch patch = make_patch(pod, os, workload.owner, observed);
    workload.patch = texts.keep(patch.yaml);
    workload.patch_notes.assign(patch.notes.begin(), patch.notes.end());
    texts.share(workload.patch_notes);
  }

  void take_containers(Entry& entry, const Pod& pod, bool newest) {
    const auto stands_before = [](const WorkloadContainer& kept, const Container& container) {
      return std::tuple(kept.kind, kept.name.view()) < std::tuple(container.kind, std::string_view(container.name));
    };
    if (entry.containers.empty()) entry.containers.reserve(pod.containers.size());
    for (const Container& container : pod.containers) {
      auto at =
          std::lower_bound(entry.containers.begin(), entry.containers.end(), container,
                           [&](const auto& one, const Container& of) { return stands_before(one.container, of); });
      const bool is_new =
          at == entry.containers.end() || at->container.kind != container.kind || at->container.name != container.name;
      if (is_new) {
        at = entry.containers.emplace(at);
        at->container.name = texts.keep(container.name);
        at->container.kind = container.kind;
      }
      WorkloadContainer& kept = at->container;
      if ((is_new || newest) && kept.image != container.image) kept.image = texts.keep(container.image);
      insert_bounded(at->image_names, container.image, kMaxImageIds, texts);
      kept.image_names = at->image_names.size();
      take_status(kept, container.status, texts);
      take_write_layer(kept, pod, context.cluster);
    }
  }

  void take_selecting(Workload& workload, const Pod& pod) {
    const Selecting selecting = selectors.of(pod);
    workload.exposure = std::max(workload.exposure, selecting.exposure);
    for (const std::string& name : selecting.services) insert_bounded(workload.services, name, kMaxSelecting);
    for (const std::string& name : selecting.budgets) insert_bounded(workload.budgets, name, kMaxSelecting);
  }

  // Which pod's message is reported does not depend on the order of pods.
  void take_refusal(Workload& workload, const Pod& pod) {
    const std::string why = refusal_of(pod);
    if (why.empty()) return;
    ++workload.blocked_pods;
    if (workload.blocked_why.empty() || why < workload.blocked_why.view()) workload.blocked_why = texts.keep(why);
  }

  Workload finish(Entry& entry) {
    Workload& workload = entry.workload;
    workload.containers.reserve(entry.containers.size());
    for (auto& one : entry.containers) workload.containers.push_back(std::move(one.container));
    entry.findings.add_shared(evaluate(workload, context), workload.pods, texts);
    workload.passed = entry.findings.passed();
    workload.skipped = entry.findings.skipped();
    workload.results = entry.findings.take();
    apply_exceptions(workload, context.policy, context.now);
    if (granted != nullptr) granted->apply(workload);
    judge(workload, context.policy, context.now, exposure_gap);
    for (WorkloadResult& found : workload.results) texts.share(found.exception);
    for (WorkloadContainer& container : workload.containers) texts.share(container.reasons);
    texts.share(workload.reasons);
    return std::move(workload);
  }

  const CheckContext context;
  const ObservedWrites* const observed;
  GrantedExceptions* const granted;
  const Selectors selectors;
  std::string exposure_gap;
  TextPool texts;
  std::set<std::unique_ptr<Entry>, ByPlace> entries;
};

Workloads::Workloads(const CheckContext& context, const ObservedWrites* observed, GrantedExceptions* granted)
    : parts_(std::make_unique<Parts>(context, observed, granted)) {}

Workloads::~Workloads() = default;

void Workloads::add(const Pod& pod, const std::vector<CheckResult>& results) {
  Owner owner = owner_of(pod, parts_->context.cluster);
  std::string uid = owner.uid;
  Entry& entry = parts_->entry_of(pod, std::move(owner));
  const bool newest = entry.workload.pods == 0 || is_newer(pod, entry.newest_created, entry.newest_name);
  if (newest) {
    entry.workload.owner.uid = std::move(uid);
    parts_->take_template(entry, pod);
  }
  parts_->take_containers(entry, pod, newest);
  entry.findings.add(pod, results, parts_->texts);
  parts_->take_selecting(entry.workload, pod);
  parts_->take_refusal(entry.workload, pod);
  if (has_not_started(pod)) ++entry.workload.unstarted_pods;
  ++entry.workload.pods;
}

std::vector<Workload> Workloads::finish() {
  std::vector<Workload> workloads;
  workloads.reserve(parts_->entries.size());
  // One at a time, so that it is never there twice.
  while (!parts_->entries.empty()) {
    auto entry = parts_->entries.extract(parts_->entries.begin());
    workloads.push_back(parts_->finish(*entry.value()));
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
