#pragma once

#include "common/http/server.h"
#include "common/result.h"
#include "server/commands/store_options.h"
#include "server/watch/cluster_watch.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace initscan::server {

struct WatchOptions {
  std::string listen = "0.0.0.0:8444";
  StoreOptions store;
  std::string kubeconfig;
  std::string context;
  ClusterWatchOptions watch;
  HttpServerOptions server;
  bool open_metrics = false;
  std::string log_level = "info";
};

void add_watch_options(CLI::App& command, WatchOptions& options);

/// Fills in what follows from the words, and how to reach the API server. Errors: usage; those of find_kube_config().
Result<void> settle(WatchOptions& options);

}  // namespace initscan::server
