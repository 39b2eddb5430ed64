#pragma once

#include "common/cli/serving.h"
#include "common/result.h"
#include "server/commands/store_options.h"
#include "server/watch/cluster_watch.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace initscan::server {

struct WatchOptions : ServingOptions {
  StoreOptions store;
  std::string kubeconfig;
  std::string context;
  ClusterWatchOptions watch;
  bool open_metrics = false;
};

void add_watch_options(CLI::App& command, WatchOptions& options);

/// Fills in what follows from the words, and how to reach the API server. Errors: usage; those of find_kube_config().
Result<void> settle(WatchOptions& options);

}  // namespace initscan::server
