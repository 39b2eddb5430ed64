#pragma once

#include "common/kube/config.h"
#include "common/names.h"
#include "server/store/scans.h"
#include "server/watch/pod_table.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace initscan::server {

class Store;

struct ClusterWatchOptions {
  KubeConfig kube;
  std::string cluster;                               // its name: part of every key in the store
  std::string namespace_ = names::kSystemNamespace;  // of the Lease and of the FinalState
  std::string lease = names::kServer;
  std::string final_state = names::kFinalState;  // the FinalState that says which images of initscan are accepted
  std::string identity;                          // of this replica
  std::vector<std::string> scanner_images;       // accepted, too
  std::vector<std::string> excluded_namespaces;  // that initscan never looks at
  std::chrono::milliseconds tick{500};           // between two looks for what waits
  std::chrono::milliseconds lease_tick{5'000};
};

// What is followed, and how old what is known of it is; zero while there is contact.
struct WatchedResource {
  std::string resource;
  bool is_synced = false;
  std::chrono::seconds age{0};
};

// Follows pods through the API server, on a thread of its own: writes each run of a gate into the store once, tells of
// pods that cannot start by Events, and knows how all pods stand. It asks for nothing but lists and watches, and writes
// nothing but Events and its Lease.
class ClusterWatch {
 public:
  /// Errors: of the store, from which it takes which images of initscan were accepted before. One that is not there yet
  /// is waited for, before any pod is looked at.
  static Result<std::unique_ptr<ClusterWatch>> start(ClusterWatchOptions options, Store& store);

  /// Gives the Lease up and ends; waits two seconds at the most.
  ~ClusterWatch();

  /// Whether everything has been listed once.
  bool is_synced() const;
  bool is_leader() const;
  std::map<std::string, NamespaceFigures> figures() const;
  std::vector<WatchedResource> resources() const;
  std::size_t scans_waiting() const;

  /// The oldest advisories that a scan of the last day had; nullopt: none says.
  std::optional<std::chrono::sys_seconds> advisory_date() const;
  std::size_t events_lost() const;

 private:
  struct Parts;
  explicit ClusterWatch(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace initscan::server
