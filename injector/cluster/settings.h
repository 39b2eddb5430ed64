#pragma once

#include "injector/cluster/objects.h"
#include "injector/cluster/status.h"

#include <chrono>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace initscan::injector {

// The kinds that settings are made of.
enum class SettingsKind : std::uint8_t { namespace_, cluster_policy, namespace_policy, exemption };

// What pods may bring, as the final-state policy of the API server looks it up. Values are the name of the policy that
// says so, for people, but for "debug." the images themselves. Keys:
//   policy.HASH            the default policy, where a namespace has none of its own
//   policy.NAMESPACE.HASH  a policy in one namespace
//   own.NAMESPACE          it has one of its own: the default is not accepted there
//   gateServers            what gates are told of servers, as one word; not there: nothing
//   opt-out.NAMESPACE, digest.NAMESPACE, debug.NAMESPACE  what its policy says of opting out, digests and debugImages
using AcceptedKeys = std::map<std::string, std::string>;
inline constexpr const char* kGateServersKey = "gateServers";

// Every namespace's configuration, kept current from outside and read for each review. Reading waits only for a lock
// that writers hold for microseconds. Safe to use from several threads.
class ClusterSettings {
 public:
  /// `base` and `policy` apply unless something else is given. `best` is what `auto` means.
  ClusterSettings(InjectorConfig base, Policy policy, ModeWish mode, Mode best);

  std::shared_ptr<const InjectorConfig> for_namespace(std::string_view name) const;

  /// Takes one object in, or a whole list in place of what was there. An object that cannot be read leaves what
  /// was there before, and is reported in complaints().
  void put(SettingsKind kind, const nlohmann::json& object);

  /// The same of a policy or an exemption from a file, which has no status that could be written back.
  void put(SettingsKind kind, const ConfigNode& object);

  void remove(SettingsKind kind, const nlohmann::json& object);
  void replace(SettingsKind kind, const std::vector<nlohmann::json>& objects);

  void set_best_mode(Mode best);

  /// What gates are told of servers. Where it is published what the API server accepts, they are told so only once this
  /// is among it.
  void set_servers(std::vector<std::string> arguments);

  /// What the API server accepts of that, each as one word.
  void set_published_servers(const std::vector<std::string>& words);

  /// What the API server must accept so that the configurations of all labelled namespaces work.
  AcceptedKeys accepted() const;

  /// From the first call on, a namespace gets a new policy only once its key is in `keys`: the API server would
  /// deny its pods before. Until then it keeps the policy that it has.
  void set_published(const std::vector<std::string>& keys);

  /// Besides its own image, those that /validate accepts in pods: of replicas of another version, during an upgrade.
  void set_published_images(const std::vector<std::string>& images);

  /// What is wrong, one sentence for each object: "ScanExemption shop/a: 7: ...".
  std::vector<std::string> complaints() const;

  /// Only of policies and exemptions: that cannot be read, that are not allowed.
  std::vector<std::string> object_complaints() const;

  /// That a namespace names a policy that does not exist, and what applies instead; "" if it does not.
  std::string lack_of_policy(std::string_view namespace_) const;

  /// The statuses of objects whose status is missing or outdated. What applies is reported only once the next pod gets
  /// it.
  std::vector<StatusUpdate> status_updates(std::chrono::sys_seconds now) const;

  bool is_injected(std::string_view namespace_) const;

  /// Labelled namespaces whose next pod gets what is wanted of it, and not still what was before.
  std::vector<std::string> settled_namespaces() const;
  std::size_t namespaces() const;  // labelled ones

 private:
  struct Resolved {
    std::shared_ptr<const InjectorConfig> config;
    std::string hash;                            // of its policy
    std::string key;                             // of its policy in the accepted keys
    std::vector<std::string> complaints;         // of exemptions that are not allowed
    std::map<std::string, std::string> refused;  // exemptions by name, and why
    bool lacks_policy = false;                   // the one that its namespace names is not there
    std::string cluster_policy;                  // the ClusterScanPolicy that it starts from; "": the injector's own
  };
  struct NamespaceSettings {
    NamespaceWish wish;
    std::map<std::string, Policy> policies;
    std::map<std::string, NamespaceExemption> exemptions;
    Resolved wanted;
    Resolved current;
  };

  // What an object of the cluster said of itself when it was last seen.
  struct Seen {
    SettingsKind kind;
    std::string namespace_name;
    std::string name;
    std::int64_t generation = 0;
    nlohmann::json status;
  };

  std::string lack_of(const NamespaceSettings& settings) const;
  const ClusterPolicy& cluster_policy_of(const NamespaceSettings& settings) const;
  std::string effect_of(const NamespaceSettings& settings, const Exemption& exemption) const;
  std::string effect_of(const NamespaceSettings& settings, const Policy& own) const;
  void see(SettingsKind kind, const nlohmann::json& object);
  ObjectState state_of(const Seen& seen, std::chrono::sys_seconds now) const;
  bool is_awaited(const Seen& seen) const;
  Result<void> take(SettingsKind kind, const nlohmann::json& object);
  Result<void> take(SettingsKind kind, const ConfigNode& object);
  void settle(SettingsKind kind, const std::string& namespace_name, const std::string& place,
              const Result<void>& taken);
  void drop(SettingsKind kind, const nlohmann::json& object);
  Resolved resolve(const std::string& name, const NamespaceSettings& settings) const;
  Resolved resolve_fallback() const;
  void renew(const std::string& name, NamespaceSettings& settings);
  void renew_all();
  bool is_published(const std::string& key) const;
  void renew_servers();
  bool is_in_force(const std::string& name, const Resolved& resolved) const;
  bool has_own_policy(const Resolved& resolved) const;
  static void accept(const std::string& name, const NamespaceSettings& settings, bool is_own, AcceptedKeys& keys);

  const InjectorConfig base_;
  const ClusterPolicy base_policy_;
  const ModeWish mode_;

  mutable std::shared_mutex mutex_;
  Mode best_;
  std::map<std::string, NamespaceSettings, std::less<>> namespaces_;
  std::map<std::string, ClusterPolicy> cluster_policies_;
  std::map<std::string, std::string> errors_;          // by object
  std::map<std::string, Seen> seen_;                   // by object; policies and exemptions
  std::optional<std::vector<std::string>> published_;  // sorted
  std::vector<std::string> published_images_;
  std::vector<std::string> servers_;         // what gates are told of servers
  std::vector<std::string> wanted_servers_;  // and will be, once it is accepted
  std::optional<std::vector<std::string>> published_servers_;
  Resolved fallback_;  // for namespaces that are not known
};

}  // namespace initscan::injector
