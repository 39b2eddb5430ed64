#include "server/watch/cluster_watch.h"

#include "common/json/parts.h"
#include "common/kube/change_log.h"
#include "common/kube/lease.h"
#include "common/kube/reflector.h"
#include "common/kube/repeat.h"
#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "server/store/accepted.h"
#include "server/store/store.h"
#include "server/watch/advisory_dates.h"
#include "server/watch/block_event.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <iterator>
#include <list>
#include <mutex>
#include <set>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <spdlog/spdlog.h>

namespace initscan::server {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kBatch = 500;          // scans of one transaction
constexpr std::size_t kMaxWaiting = 20'000;  // for a store that cannot be written: later ones are listed again
constexpr unsigned kPodPage = 250;
constexpr std::size_t kMaxPageBytes = 16 << 20;  // of a list; what takes more is asked for in smaller pages
constexpr std::chrono::seconds kLongestGoodbye{2};
constexpr const char* kOptOut = "opt-out.";  // and a namespace's name: key of the FinalState's data

std::string uid_of(const Json& object) {
  return text_in(object_in(object, "metadata"), "uid");
}

std::string name_of(const Json& object) {
  return text_in(object_in(object, "metadata"), "name");
}

std::string namespace_of(const Json& object) {
  return text_in(object_in(object, "metadata"), "namespace");
}

std::array<std::pair<AcceptedKind, AcceptedGates::Names*>, 4> each_kind(AcceptedGates& gates) {
  return {{{AcceptedKind::image, &gates.images},
           {AcceptedKind::index_image, &gates.index_images},
           {AcceptedKind::policy, &gates.policies},
           {AcceptedKind::servers, &gates.servers}}};
}

// How long it took: as its line says, or as far as whole seconds tell.
std::optional<std::chrono::milliseconds> took(const Scan& scan) {
  if (scan.line) return scan.line->took;
  if (!scan.started || !scan.finished || *scan.finished < *scan.started) return std::nullopt;
  return *scan.finished - *scan.started;
}

}  // namespace

struct ClusterWatch::Parts {
  Parts(ClusterWatchOptions given, Store& kept_in)
      : options(std::move(given)),
        store(kept_in),
        client(options.kube, limits()),
        lease(client, options.namespace_, options.lease, options.identity),
        events(client, options.lease) {
    const std::string selector = std::string("/api/v1/pods?labelSelector=");
    follow("namespaces", "/api/v1/namespaces", namespace_events());
    follow("finalstates",
           names::kNamespacesPath + options.namespace_ + "/finalstates?fieldSelector=metadata.name%3D" +
               options.final_state,
           final_state_events());
    follow("pods", selector + names::kInjectedSelector + "%3Dtrue", pod_events(PodSource::labelled), {kPodPage, false});
    follow("other pods", selector + names::kInjectedSelector + "!%3Dtrue", pod_events(PodSource::others),
           {kPodPage, true});
  }

  const ClusterWatchOptions options;
  Store& store;

  mutable std::mutex mutex;  // of what follows, which the other threads read
  PodTable table;
  AdvisoryDates advisory_dates;
  std::vector<SeenScan> waiting;  // for the store

  AcceptedGates accepted_gates;                      // from here on only on the thread of the watch
  std::map<std::string, NamespaceRules> namespaces;  // as labelled
  std::set<std::string> may_opt_out;                 // namespaces
  std::vector<std::string> gone_pods;                // whose scans may be forgotten
  std::vector<std::string> gone_namespaces;
  bool knows_final_state = false;
  bool knows_accepted = false;             // what was accepted before
  bool is_behind = false;                  // there was no room for a scan
  std::array<bool, 2> have_been_listed{};  // by source
  ChangeLog changes;

  std::atomic<bool> leader{false};
  asio::io_context io{1};
  KubeClient client;
  Lease lease;
  BlockEvents events;
  std::atomic<std::size_t> events_lost{0};
  std::list<std::pair<std::string, Reflector>> reflectors;
  std::thread thread;

  void follow(const char* resource, const std::string& path, ReflectorEvents what, ReflectorOptions how = {}) {
    what.contact = [this, resource](const Result<void>& state) { changes.tell_contact(resource, state); };
    reflectors.emplace_back(std::piecewise_construct, std::forward_as_tuple(resource),
                            std::forward_as_tuple(client, path, std::move(what), how));
  }

  static KubeLimits limits() {
    KubeLimits limits;
    limits.body_bytes = kMaxPageBytes;
    return limits;
  }

  // Otherwise each pod of a list would wait for it in vain.
  bool is_store_well() const { return !changes.is_failing("store"); }

  // What was accepted before, beside what is accepted by now.
  Result<void> read_accepted() {
    AcceptedGates known;
    for (const auto& one : each_kind(known)) {
      const auto kept = store.read([&](Database& database) { return accepted(database, options.cluster, one.first); });
      if (!kept) return kept.error();
      one.second->insert(kept->begin(), kept->end());
    }
    const auto kinds = each_kind(accepted_gates);
    const auto before = each_kind(known);
    for (std::size_t i = 0; i < kinds.size(); ++i) kinds[i].second->merge(*before[i].second);
    knows_accepted = true;
    accept({});
    return {};
  }

  ReflectorEvents namespace_events() {
    ReflectorEvents events_of;
    events_of.replaced = [this](const std::vector<Json>& all) { replace_namespaces(all); };
    events_of.changed = [this](const Json& object) { put_namespace(object); };
    events_of.deleted = [this](const Json& object) { remove_namespace(name_of(object)); };
    return events_of;
  }

  ReflectorEvents final_state_events() {
    ReflectorEvents events_of;
    events_of.replaced = [this](const std::vector<Json>& all) {
      for (const Json& object : all) take_final_state(object);
      knows_final_state = true;
    };
    events_of.changed = [this](const Json& object) { take_final_state(object); };
    events_of.deleted = [](const Json&) {};
    return events_of;
  }

  ReflectorEvents pod_events(PodSource source) {
    ReflectorEvents events_of;
    events_of.listed = [this, source](const Json* pod) {
      if (pod != nullptr) return put_pod(source, *pod);
      const std::lock_guard lock(mutex);
      table.begin_list(source);
    };
    events_of.replaced = [this, source](const std::vector<Json>&) {
      {
        const std::lock_guard lock(mutex);
        table.end_list(source);
      }
      have_been_listed[static_cast<std::size_t>(source)] = true;
      find_gone_pods();
    };
    events_of.changed = [this, source](const Json& pod) { put_pod(source, pod); };
    events_of.deleted = [this, source](const Json& pod) { remove_pod(source, pod); };
    events_of.too_large = [this, source](const Json& beginning) { put_beginning(source, beginning); };
    return events_of;
  }

  NamespaceRules rules_of(const std::string& name) {
    NamespaceRules rules = namespaces[name];
    const auto& excluded = options.excluded_namespaces;
    rules.is_excluded = std::find(excluded.begin(), excluded.end(), name) != excluded.end();
    rules.may_opt_out = may_opt_out.contains(name);
    return rules;
  }

  void put_namespace(const Json& object) {
    const Json& labels = object_in(object_in(object, "metadata"), "labels");
    const std::string name = name_of(object);
    NamespaceRules& rules = namespaces[name];
    rules.is_labelled = text_in(labels, names::kInject) == "enabled";
    rules.only_reports = text_in(labels, names::kEnforcement) == "report";
    const std::lock_guard lock(mutex);
    table.set_namespace(name, rules_of(name));
  }

  void remove_namespace(const std::string& name) {
    namespaces.erase(name);
    gone_namespaces.push_back(name);
    const std::lock_guard lock(mutex);
    table.remove_namespace(name);
  }

  void replace_namespaces(const std::vector<Json>& all) {
    std::set<std::string> there;
    for (const Json& object : all) there.insert(name_of(object));
    std::vector<std::string> gone;
    for (const auto& [name, rules] : namespaces) {
      if (!there.contains(name)) gone.push_back(name);
    }
    // Of those, too, that went while nobody watched.
    const auto totals = store.read([&](Database& database) { return scan_totals(database, options.cluster); });
    changes.tell("store", totals ? Result<void>() : Result<void>(totals.error()));
    if (totals) {
      for (const ScanTotal& total : *totals) {
        if (!there.contains(total.namespace_)) gone.push_back(total.namespace_);
      }
    }
    for (const std::string& name : gone) remove_namespace(name);
    for (const Json& object : all) put_namespace(object);
  }

  void take_final_state(const Json& object) {
    const Json& data = object_in(object, "data");
    AcceptedGates now = accepted_in(data);
    accepted_gates.own_policies = std::move(now.own_policies);
    accept(std::move(now));
    may_opt_out.clear();
    for (const auto& [key, value] : data.items()) {
      if (key.starts_with(kOptOut)) may_opt_out.insert(key.substr(std::string_view(kOptOut).size()));
    }
    const std::lock_guard lock(mutex);
    for (const auto& [name, rules] : namespaces) table.set_namespace(name, rules_of(name));
  }

  // Pods of what is accepted no longer are still there: what was accepted once stays known.
  void accept(AcceptedGates now) {
    now.images.insert(options.scanner_images.begin(), options.scanner_images.end());
    bool is_any_new = false;
    const auto known = each_kind(accepted_gates);
    const auto told = each_kind(now);
    for (std::size_t i = 0; i < known.size(); ++i) {
      const auto& [kind, names] = known[i];
      const AcceptedGates::Names& current = *told[i].second;
      std::vector<std::string> added;
      std::set_difference(current.begin(), current.end(), names->begin(), names->end(), std::back_inserter(added));
      if (added.empty()) continue;
      is_any_new = true;
      keep(kind, added);
      // Whoever may change policies must not fill the memory.
      if (names->size() + added.size() > most_accepted(kind)) names->clear();
      names->insert(current.begin(), current.end());
    }
    if (!is_any_new) return;
    const std::lock_guard lock(mutex);
    if (table.has_any(PodState::unproven)) list_pods_again();
  }

  void keep(AcceptedKind kind, const std::vector<std::string>& names) {
    changes.tell("store", store.write([&](Database& database) {
      return add_accepted(database, options.cluster, kind, names, current_time());
    }));
  }

  void put_pod(PodSource source, const Json& pod) {
    const std::string uid = uid_of(pod);
    const std::string space = namespace_of(pod);
    if (uid.empty() || space.empty()) return;
    PodReading reading = read_pod(pod, accepted_gates);
    const BlockReason reason = reading.blocked_by;
    PodChange change;
    std::size_t count = 0;
    {
      const std::lock_guard lock(mutex);
      change = table.put(source, uid, space, std::move(reading));
      if (waiting.size() + change.new_scans.size() > kMaxWaiting) {
        table.forget_runs(source, uid);
        change.new_scans.clear();
        is_behind = true;
      }
      for (const Scan& scan : change.new_scans) {
        note_advisories(scan);
        waiting.push_back(seen_scan(space, scan));
      }
      count = waiting.size();
    }
    if (change.is_newly_blocked && leader) events.add(blocked_pod_of(pod, reason));
    events_lost = events.lost();
    if (count >= kBatch && is_store_well()) write_scans();
  }

  // Under the mutex.
  void note_advisories(const Scan& scan) {
    if (!scan.line) return;
    const auto now = current_time();
    if (const auto date = parse_rfc3339(scan.line->index_date)) {
      advisory_dates.add(*date, scan.finished.value_or(now), now);
    }
  }

  // One whose labels fill its metadata counts as one without labels.
  void put_beginning(PodSource source, const Json& beginning) {
    if (source == PodSource::others) return put_pod(source, beginning);
    const std::string uid = uid_of(beginning);
    const std::string space = namespace_of(beginning);
    if (uid.empty() || space.empty()) return;
    const std::lock_guard lock(mutex);
    table.put(source, uid, space, read_beginning(beginning));
  }

  SeenScan seen_scan(const std::string& space, const Scan& scan) const {
    return {options.cluster,         space,       scan.pod_uid,  scan.container_id, scan.exit_code,
            to_string(scan.verdict), scan.reason, scan.finished, took(scan),        current_time()};
  }

  void remove_pod(PodSource source, const Json& pod) {
    // Its last state may be the only one that shows how its gate ended.
    put_pod(source, pod);
    const std::string uid = uid_of(pod);
    const std::lock_guard lock(mutex);
    table.remove(source, uid);
    // One that only changed its label comes back, and is not to be counted again.
    if (object_in(pod, "metadata").contains("deletionTimestamp") && !table.has(uid)) gone_pods.push_back(uid);
  }

  void find_gone_pods() {
    if (!have_been_listed[0] || !have_been_listed[1]) return;
    const auto known = store.read([&](Database& database) { return pods_with_scans(database, options.cluster); });
    changes.tell("store", known ? Result<void>() : Result<void>(known.error()));
    if (!known) return;
    const std::lock_guard lock(mutex);
    for (const std::string& uid : *known) {
      if (!table.has(uid)) gone_pods.push_back(uid);
    }
  }

  // What waits, and then what is gone: in this order a pod that came and went is counted, and forgotten.
  // False: there is nothing more to write, or it cannot be written.
  bool write_scans() {
    std::vector<SeenScan> batch;
    {
      const std::lock_guard lock(mutex);
      batch.assign(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(std::min(waiting.size(), kBatch)));
    }
    if (batch.empty() && gone_pods.empty() && gone_namespaces.empty()) return false;
    const auto written = store.write([&](Database& database) -> Result<void> {
      if (auto added = add_scans(database, batch); !added) return added.error();
      if (auto forgotten = forget_pods(database, options.cluster, gone_pods); !forgotten) return forgotten;
      for (const std::string& name : gone_namespaces) {
        if (auto forgotten = forget_namespace(database, options.cluster, name); !forgotten) return forgotten;
      }
      return {};
    });
    changes.tell("store", written);
    if (!written) return false;
    gone_pods.clear();
    gone_namespaces.clear();
    {
      const std::lock_guard lock(mutex);
      waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(batch.size()));
    }
    if (std::exchange(is_behind, false)) list_pods_again();
    return true;
  }

  void list_pods_again() {
    for (auto& [resource, reflector] : reflectors) {
      if (resource == "pods" && reflector.is_synced()) reflector.list_again();
    }
  }

  asio::awaitable<void> write_step() {
    if (!knows_accepted) changes.tell("store", read_accepted());
    if (!knows_accepted) co_return;
    while (write_scans()) {}
    if (leader) changes.tell("events", co_await events.write());
  }

  asio::awaitable<void> lease_step() {
    const auto held = co_await lease.hold();
    changes.tell("lease", held ? Result<void>() : Result<void>(held.error()));
    const bool is_ours = held && *held;
    if (is_ours != leader.exchange(is_ours)) spdlog::info("leading={}", is_ours);
    if (!is_ours) events.clear();
  }

  // Which images are initscan's has to be known before a pod is read; where there is no FinalState nobody can say. What
  // was accepted before comes first of all: what is accepted by now is kept beside it.
  asio::awaitable<void> follow_all() {
    std::function<bool()> knows_what_was = [this] { return knows_accepted; };
    co_await wait_until(std::move(knows_what_was));
    for (auto& [resource, reflector] : reflectors) {
      if (!resource.ends_with("pods")) asio::co_spawn(io, reflector.run(), asio::detached);
    }
    std::function<bool()> knows_whose = [this] {
      return reflectors.front().second.is_synced() && (knows_final_state || is_without_final_state());
    };
    co_await wait_until(std::move(knows_whose));
    for (auto& [resource, reflector] : reflectors) {
      if (resource.ends_with("pods")) asio::co_spawn(io, reflector.run(), asio::detached);
    }
  }

  asio::awaitable<void> wait_until(std::function<bool()> is_so) {
    asio::steady_timer timer(io);
    while (!is_so()) {
      timer.expires_after(std::chrono::milliseconds(50));
      auto [ec] = co_await timer.async_wait(kTuple);
      (void)ec;  // nobody cancels it
    }
  }

  bool is_without_final_state() {
    const auto final_state = std::next(reflectors.begin());
    return !final_state->second.is_synced() && changes.is_failing("finalstates");
  }

  void run() {
    asio::co_spawn(io, follow_all(), asio::detached);
    asio::co_spawn(io, repeat([this] { return lease_step(); }, options.lease_tick), asio::detached);
    asio::co_spawn(io, repeat([this] { return write_step(); }, options.tick), asio::detached);
    io.run();
  }
};

Result<std::unique_ptr<ClusterWatch>> ClusterWatch::start(ClusterWatchOptions options, Store& store) {
  auto parts = std::make_unique<Parts>(std::move(options), store);
  if (const auto read = parts->read_accepted(); !read && read.error().code != Errc::unavailable) return read.error();
  return std::unique_ptr<ClusterWatch>(new ClusterWatch(std::move(parts)));
}

ClusterWatch::ClusterWatch(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {
  parts_->thread = std::thread([parts = parts_.get()] { parts->run(); });
}

ClusterWatch::~ClusterWatch() {
  auto released = asio::co_spawn(parts_->io, parts_->lease.release(), asio::use_future);
  released.wait_for(kLongestGoodbye);
  parts_->io.stop();
  parts_->thread.join();
}

bool ClusterWatch::is_synced() const {
  return std::all_of(parts_->reflectors.begin(), parts_->reflectors.end(),
                     [](const auto& entry) { return entry.second.is_synced() || entry.first == "finalstates"; });
}

bool ClusterWatch::is_leader() const {
  return parts_->leader;
}

std::map<std::string, NamespaceFigures> ClusterWatch::figures() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->table.figures();
}

std::vector<WatchedResource> ClusterWatch::resources() const {
  std::vector<WatchedResource> all;
  for (const auto& [resource, reflector] : parts_->reflectors) {
    all.push_back({resource, reflector.is_synced(), reflector.age()});
  }
  return all;
}

std::size_t ClusterWatch::scans_waiting() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->waiting.size();
}

std::optional<std::chrono::sys_seconds> ClusterWatch::advisory_date() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->advisory_dates.oldest(current_time());
}

std::size_t ClusterWatch::events_lost() const {
  return parts_->events_lost;
}

}  // namespace initscan::server
