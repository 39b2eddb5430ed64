#include "injector/cluster/settings.h"

#include "common/config/from_json.h"
#include "common/crypto/sha256.h"
#include "common/gate/server_arguments.h"
#include "common/json/parts.h"
#include "common/names.h"
#include "common/time/rfc3339.h"
#include "initscan/policy/policy_file.h"

#include <algorithm>
#include <mutex>
#include <set>

#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr const char* kDefaultPolicy = "default";  // the ClusterScanPolicy of namespaces that name none

std::string start_of(SettingsKind kind) {
  return std::to_string(static_cast<int>(kind)) + ' ';
}

std::string place_of(SettingsKind kind, const std::string& namespace_name, const std::string& name) {
  return start_of(kind) + namespace_name + '/' + name;
}

std::string place_of(SettingsKind kind, const Json& object) {
  return place_of(kind, namespace_of(object), name_of(object));
}

std::string affected_namespace(SettingsKind kind, const Json& object) {
  return kind == SettingsKind::namespace_ ? name_of(object) : namespace_of(object);
}

std::string with_name(std::string sentence, const std::string& namespace_name, const std::string& name) {
  return "ScanExemption " + namespace_name + '/' + name + ": " + std::move(sentence);
}

}  // namespace

ClusterSettings::ClusterSettings(InjectorConfig base, Policy policy, ModeWish mode, Mode best)
    : base_(std::move(base)),
      base_policy_{std::move(policy), {}, base_.allow_pod_opt_out, base_.hardening},
      mode_(mode),
      best_(best),
      servers_(base_.servers),
      wanted_servers_(base_.servers) {
  fallback_ = resolve_fallback();
}

// Of namespaces that nothing is known of, and the policy that all have that choose none.
ClusterSettings::Resolved ClusterSettings::resolve_fallback() const {
  Resolved fallback = resolve("", {});
  fallback.key = "policy." + fallback.hash;
  return fallback;
}

bool ClusterSettings::has_own_policy(const Resolved& resolved) const {
  return resolved.hash != fallback_.hash;
}

ClusterSettings::Resolved ClusterSettings::resolve(const std::string& name, const NamespaceSettings& settings) const {
  Resolved resolved;
  const bool names_one = !settings.wish.policy.empty();
  auto found = cluster_policies_.find(names_one ? settings.wish.policy : kDefaultPolicy);
  resolved.lacks_policy = names_one && found == cluster_policies_.end();
  if (resolved.lacks_policy)
    found = cluster_policies_.find(kDefaultPolicy);  // never milder than for those without a word
  const ClusterPolicy& cluster = found == cluster_policies_.end() ? base_policy_ : found->second;
  if (found != cluster_policies_.end()) resolved.cluster_policy = found->first;

  Policy policy = cluster.policy;
  for (const auto& [own_name, own] : settings.policies) policy = stricter(std::move(policy), own);
  if (settings.wish.only_reports) policy.enforcement = Enforcement::report;
  for (const auto& [exemption_name, exemption] : settings.exemptions) {
    auto refused = add_exemption(policy, exemption.exemption, exemption.made, cluster.exemptions);
    if (!refused) continue;
    resolved.refused[exemption_name] = *refused;
    resolved.complaints.push_back(with_name(std::move(*refused), name, exemption_name));
  }

  InjectorConfig config = base_;
  config.accepted_images.insert(config.accepted_images.end(), published_images_.begin(), published_images_.end());
  config.servers = servers_;
  if (published_servers_) config.accepted_servers = *published_servers_;
  config.mode = settled(settings.wish.mode.value_or(mode_), best_without(base_.volumes_only, best_));
  config.policy_name = policy.name;
  config.policy_json = canonical_json(policy);
  config.allow_pod_opt_out = cluster.allow_pod_opt_out;
  config.only_reports = settings.wish.only_reports;
  config.hardening = cluster.hardening;
  config.require_digest = policy.require_digest;
  config.debug_images = policy.debug_images.value_or(std::vector<std::string>());
  resolved.hash = sha256_hex(config.policy_json);
  resolved.key = "policy." + (has_own_policy(resolved) ? name + '.' : "") + resolved.hash;
  resolved.config = std::make_shared<const InjectorConfig>(std::move(config));
  return resolved;
}

bool ClusterSettings::is_published(const std::string& key) const {
  return !published_ || std::binary_search(published_->begin(), published_->end(), key);
}

// Whether the API server admits pods of the namespace with that policy. The default one is published as long as any
// namespace has it, but does not apply while the published data still say that the namespace has its own.
bool ClusterSettings::is_in_force(const std::string& name, const Resolved& resolved) const {
  if (!is_published(resolved.key)) return false;
  return !published_ || has_own_policy(resolved) || !is_published("own." + name);
}

void ClusterSettings::renew(const std::string& name, NamespaceSettings& settings) {
  settings.wanted = resolve(name, settings);
  if (!settings.current.config || is_in_force(name, settings.wanted)) settings.current = settings.wanted;
}

void ClusterSettings::renew_all() {
  fallback_ = resolve_fallback();
  for (auto& [name, settings] : namespaces_) renew(name, settings);
}

Result<void> ClusterSettings::take(SettingsKind kind, const Json& object) {
  if (kind == SettingsKind::namespace_) {
    namespaces_[name_of(object)].wish = read_namespace(object);
    return {};
  }
  const auto tree = config_from_json(object);
  if (!tree) return Error{tree.error()}.within(namespace_of(object) + '/' + name_of(object));
  return take(kind, *tree);
}

Result<void> ClusterSettings::take(SettingsKind kind, const ConfigNode& object) {
  const std::string name = name_of(object);
  if (kind == SettingsKind::cluster_policy) {
    auto policy = read_cluster_policy(object);
    if (!policy) return policy.error();
    cluster_policies_[name] = std::move(*policy);
  } else if (kind == SettingsKind::namespace_policy) {
    auto policy = read_namespace_policy(object);
    if (!policy) return policy.error();
    namespaces_[namespace_of(object)].policies[name] = std::move(*policy);
  } else {
    auto exemption = read_exemption(object);
    if (!exemption) return exemption.error();
    namespaces_[namespace_of(object)].exemptions[name] = std::move(*exemption);
  }
  return {};
}

void ClusterSettings::see(SettingsKind kind, const Json& object) {
  if (kind == SettingsKind::namespace_ || !object.is_object()) return;
  Seen seen{kind, namespace_of(object), name_of(object), number_in(object_in(object, "metadata"), "generation"),
            object_in(object, "status")};
  seen_[place_of(kind, object)] = std::move(seen);
}

void ClusterSettings::drop(SettingsKind kind, const Json& object) {
  const std::string name = name_of(object);
  errors_.erase(place_of(kind, object));
  seen_.erase(place_of(kind, object));
  if (kind == SettingsKind::cluster_policy) {
    cluster_policies_.erase(name);
    return;
  }
  const auto settings = namespaces_.find(affected_namespace(kind, object));
  if (settings == namespaces_.end()) return;
  if (kind == SettingsKind::namespace_) settings->second.wish = {};
  if (kind == SettingsKind::namespace_policy) settings->second.policies.erase(name);
  if (kind == SettingsKind::exemption) settings->second.exemptions.erase(name);
  const NamespaceSettings& left = settings->second;
  if (!left.wish.injected && left.policies.empty() && left.exemptions.empty()) namespaces_.erase(settings);
}

void ClusterSettings::put(SettingsKind kind, const Json& object) {
  const std::lock_guard lock(mutex_);
  see(kind, object);
  settle(kind, affected_namespace(kind, object), place_of(kind, object), take(kind, object));
}

void ClusterSettings::put(SettingsKind kind, const ConfigNode& object) {
  const std::lock_guard lock(mutex_);
  const std::string namespace_name = namespace_of(object);
  settle(kind, namespace_name, place_of(kind, namespace_name, name_of(object)), take(kind, object));
}

// What follows from an object that was taken in, or was not.
void ClusterSettings::settle(SettingsKind kind, const std::string& namespace_name, const std::string& place,
                             const Result<void>& taken) {
  errors_.erase(place);
  if (!taken) {
    errors_[place] = taken.error().text;
  } else if (kind == SettingsKind::cluster_policy) {
    renew_all();
  } else {
    renew(namespace_name, namespaces_[namespace_name]);
  }
}

void ClusterSettings::remove(SettingsKind kind, const Json& object) {
  const std::lock_guard lock(mutex_);
  drop(kind, object);
  if (kind == SettingsKind::cluster_policy) return renew_all();
  const std::string name = affected_namespace(kind, object);
  if (const auto settings = namespaces_.find(name); settings != namespaces_.end()) renew(name, settings->second);
}

void ClusterSettings::replace(SettingsKind kind, const std::vector<Json>& objects) {
  const std::lock_guard lock(mutex_);
  std::set<std::string> present;
  for (const Json& object : objects) present.insert(place_of(kind, object));

  // What is gone goes first; what cannot be read keeps its last good form.
  const auto gone = [&](const std::string& namespace_name, const std::string& name) {
    return !present.contains(place_of(kind, namespace_name, name));
  };
  if (kind == SettingsKind::cluster_policy) {
    std::erase_if(cluster_policies_, [&](const auto& entry) { return gone("", entry.first); });
  }
  for (auto& [name, settings] : namespaces_) {
    const std::string& here = name;
    if (kind == SettingsKind::namespace_ && gone("", here)) settings.wish = {};
    if (kind == SettingsKind::namespace_policy) {
      std::erase_if(settings.policies, [&](const auto& entry) { return gone(here, entry.first); });
    }
    if (kind == SettingsKind::exemption) {
      std::erase_if(settings.exemptions, [&](const auto& entry) { return gone(here, entry.first); });
    }
  }
  const auto is_of_kind = [&](const auto& entry) { return entry.first.starts_with(start_of(kind)); };
  std::erase_if(errors_, is_of_kind);
  std::erase_if(seen_, is_of_kind);
  for (const Json& object : objects) {
    see(kind, object);
    if (auto taken = take(kind, object); !taken) errors_[place_of(kind, object)] = taken.error().text;
  }
  renew_all();
}

void ClusterSettings::set_best_mode(Mode best) {
  const std::lock_guard lock(mutex_);
  if (best_ == best) return;
  best_ = best;
  renew_all();
}

void ClusterSettings::set_published(const std::vector<std::string>& keys) {
  const std::lock_guard lock(mutex_);
  published_ = keys;
  std::sort(published_->begin(), published_->end());
  for (auto& [name, settings] : namespaces_) {
    if (is_in_force(name, settings.wanted)) settings.current = settings.wanted;
  }
}

void ClusterSettings::set_published_images(const std::vector<std::string>& images) {
  const std::lock_guard lock(mutex_);
  if (published_images_ == images) return;
  published_images_ = images;
  renew_all();
}

void ClusterSettings::set_servers(std::vector<std::string> arguments) {
  const std::lock_guard lock(mutex_);
  if (wanted_servers_ == arguments) return;
  wanted_servers_ = std::move(arguments);
  renew_servers();
}

void ClusterSettings::set_published_servers(const std::vector<std::string>& words) {
  const std::lock_guard lock(mutex_);
  if (published_servers_ == words) return;
  published_servers_ = words;
  renew_servers();
}

void ClusterSettings::renew_servers() {
  const auto is_accepted = [&](const std::string& word) { return word == word_of_servers(wanted_servers_); };
  if (!published_servers_ || std::any_of(published_servers_->begin(), published_servers_->end(), is_accepted)) {
    servers_ = wanted_servers_;
  }
  renew_all();
}

std::shared_ptr<const InjectorConfig> ClusterSettings::for_namespace(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto settings = namespaces_.find(name);
  return settings == namespaces_.end() ? fallback_.config : settings->second.current.config;
}

AcceptedKeys ClusterSettings::accepted() const {
  const std::shared_lock lock(mutex_);
  AcceptedKeys keys;
  keys[fallback_.key] = fallback_.config->policy_name;
  if (!wanted_servers_.empty()) keys[kGateServersKey] = word_of_servers(wanted_servers_);
  for (const auto& [name, settings] : namespaces_) {
    if (settings.wish.injected) accept(name, settings, has_own_policy(settings.wanted), keys);
  }
  return keys;
}

// When a namespace gets its own policy, pods still come with the default one until all replicas know: it is accepted
// under the namespace's name then, because its hash alone no longer suffices.
void ClusterSettings::accept(const std::string& name, const NamespaceSettings& settings, bool is_own,
                             AcceptedKeys& keys) {
  for (const Resolved* const resolved : {&settings.current, &settings.wanted}) {
    keys[is_own ? "policy." + name + '.' + resolved->hash : resolved->key] = resolved->config->policy_name;
  }
  const InjectorConfig& config = *settings.wanted.config;
  if (is_own) keys["own." + name] = config.policy_name;
  if (config.allow_pod_opt_out) keys["opt-out." + name] = config.policy_name;
  if (config.require_digest == Reaction::deny) keys["digest." + name] = config.policy_name;
  std::string images;
  for (const std::string& image : config.debug_images) images += (images.empty() ? "" : " ") + image;
  if (!images.empty()) keys["debug." + name] = images;
}

std::string ClusterSettings::lack_of(const NamespaceSettings& settings) const {
  const Resolved& resolved = settings.wanted;
  if (!resolved.lacks_policy) return {};
  const bool is_there = errors_.contains(place_of(SettingsKind::cluster_policy, "", settings.wish.policy));
  return std::string("annotation ") + names::kPolicy + " names \"" + settings.wish.policy + "\", " +
         (is_there ? "which cannot be read: unless an earlier form of it is known, "
                   : "but there is no such ClusterScanPolicy: ") +
         (resolved.cluster_policy.empty() ? "the injector's own policy \"" + base_policy_.policy.name + '"'
                                          : '"' + resolved.cluster_policy + '"') +
         " applies instead";
}

std::string ClusterSettings::lack_of_policy(std::string_view namespace_) const {
  const std::shared_lock lock(mutex_);
  const auto settings = namespaces_.find(namespace_);
  return settings == namespaces_.end() ? std::string() : lack_of(settings->second);
}

std::vector<std::string> ClusterSettings::object_complaints() const {
  const std::shared_lock lock(mutex_);
  std::vector<std::string> all;
  for (const auto& [place, error] : errors_) all.push_back(error);
  for (const auto& [name, settings] : namespaces_) {
    all.insert(all.end(), settings.wanted.complaints.begin(), settings.wanted.complaints.end());
  }
  return all;
}

std::vector<std::string> ClusterSettings::complaints() const {
  std::vector<std::string> all = object_complaints();
  const std::shared_lock lock(mutex_);
  for (const auto& [name, settings] : namespaces_) {
    if (const std::string lack = lack_of(settings); !lack.empty()) all.push_back("Namespace " + name + ": " + lack);
  }
  return all;
}

const ClusterPolicy& ClusterSettings::cluster_policy_of(const NamespaceSettings& settings) const {
  const auto found = cluster_policies_.find(settings.wanted.cluster_policy);
  return found == cluster_policies_.end() ? base_policy_ : found->second;
}

// What the cluster's policy leaves of an exemption: findings above that severity count all the same.
std::string ClusterSettings::effect_of(const NamespaceSettings& settings, const Exemption& exemption) const {
  const ClusterPolicy& cluster = cluster_policy_of(settings);
  const Severity most = cluster.exemptions.max_severity;
  if (exemption.max_severity <= most) return {};
  return "it applies to findings up to " + std::string(to_string(most)) + ", the most that the policy \"" +
         cluster.policy.name + "\" lets namespaces exempt";
}

// A namespace's policy can only tighten: one that asks for less than the cluster's changes nothing.
std::string ClusterSettings::effect_of(const NamespaceSettings& settings, const Policy& own) const {
  const Policy& cluster = cluster_policy_of(settings).policy;
  if (stricter(cluster, own) != cluster) return {};
  return "it tightens nothing: the policy \"" + cluster.name + "\" applies, is at least as strict, and fails on " +
         std::string(to_string(cluster.fail_on));
}

ObjectState ClusterSettings::state_of(const Seen& seen, std::chrono::sys_seconds now) const {
  ObjectState state;
  const auto error = errors_.find(place_of(seen.kind, seen.namespace_name, seen.name));
  if (error != errors_.end()) state.problem = error->second;
  const auto settings = namespaces_.find(seen.namespace_name);
  if (seen.kind == SettingsKind::cluster_policy) {
    state.has_last_good = cluster_policies_.contains(seen.name);
    state.namespaces =
        static_cast<std::size_t>(std::count_if(namespaces_.begin(), namespaces_.end(), [&](const auto& entry) {
          return entry.second.wish.injected && entry.second.wanted.cluster_policy == seen.name;
        }));
  } else if (seen.kind == SettingsKind::namespace_policy) {
    state.has_last_good = settings != namespaces_.end() && settings->second.policies.contains(seen.name);
    state.namespaces = settings != namespaces_.end() && settings->second.wish.injected && state.has_last_good ? 1 : 0;
    if (state.has_last_good) state.effect = effect_of(settings->second, settings->second.policies.at(seen.name));
  } else {
    if (settings == namespaces_.end()) return state;
    const auto exemption = settings->second.exemptions.find(seen.name);
    const auto& refused = settings->second.wanted.refused;
    state.has_last_good = exemption != settings->second.exemptions.end();
    if (const auto why = refused.find(seen.name); state.problem.empty() && why != refused.end()) {
      state.problem = why->second;
      state.has_last_good = false;
    }
    const auto end = state.has_last_good ? parse_rfc3339(exemption->second.exemption.expires_at) : Error{};
    state.state = !state.has_last_good ? "Refused" : end && now < *end ? "Active" : "Expired";
    if (state.has_last_good) state.effect = effect_of(settings->second, exemption->second.exemption);
  }
  return state;
}

// Whether pods of a namespace that it applies to still get an earlier policy, until the new one is published.
bool ClusterSettings::is_awaited(const Seen& seen) const {
  return std::any_of(namespaces_.begin(), namespaces_.end(), [&](const auto& entry) {
    const NamespaceSettings& settings = entry.second;
    if (!settings.wish.injected || settings.current.config == settings.wanted.config) return false;
    return seen.kind == SettingsKind::cluster_policy ? settings.wanted.cluster_policy == seen.name
                                                     : entry.first == seen.namespace_name;
  });
}

std::vector<StatusUpdate> ClusterSettings::status_updates(std::chrono::sys_seconds now) const {
  const std::shared_lock lock(mutex_);
  std::vector<StatusUpdate> updates;
  for (const auto& [place, seen] : seen_) {
    const ObjectState state = state_of(seen, now);
    if (state.problem.empty() && is_awaited(seen)) continue;
    Json wanted = status_of(state, seen.generation, seen.status, now);
    if (wanted == seen.status) continue;
    const bool is_cluster = seen.kind == SettingsKind::cluster_policy;
    const bool is_policy = seen.kind == SettingsKind::namespace_policy;
    const std::string list =
        is_cluster ? std::string(names::kClusterPoliciesPath)
                   : names::kNamespacesPath + seen.namespace_name + (is_policy ? "/scanpolicies" : "/scanexemptions");
    updates.push_back({list + '/' + seen.name + "/status", std::move(wanted)});
  }
  return updates;
}

bool ClusterSettings::is_injected(std::string_view namespace_) const {
  const std::shared_lock lock(mutex_);
  const auto settings = namespaces_.find(namespace_);
  return settings != namespaces_.end() && settings->second.wish.injected;
}

std::vector<std::string> ClusterSettings::settled_namespaces() const {
  const std::shared_lock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, settings] : namespaces_) {
    if (settings.wish.injected && settings.current.key == settings.wanted.key) names.push_back(name);
  }
  return names;
}

std::size_t ClusterSettings::namespaces() const {
  const std::shared_lock lock(mutex_);
  return static_cast<std::size_t>(std::count_if(namespaces_.begin(), namespaces_.end(),
                                                [](const auto& entry) { return entry.second.wish.injected; }));
}

}  // namespace initscan::injector
