#include "server/commands/watch_options.h"

#include "common/kube/replica.h"

#include <CLI/CLI.hpp>

namespace initscan::server {
namespace {

void add_cluster_options(CLI::App& command, WatchOptions& options) {
  ClusterWatchOptions& watch = options.watch;
  watch.cluster = "default";
  watch.excluded_namespaces = {"kube-system", "kube-public", "kube-node-lease", watch.namespace_};
  command
      .add_option("--kubeconfig", options.kubeconfig,
                  "Without: $KUBECONFIG, ~/.kube/config, or the service account of the pod that this runs in")
      ->type_name("FILE");
  command.add_option("--context", options.context, "A context of the kubeconfig, instead of its current one");
  command.add_option("-n,--namespace", watch.namespace_, "Where the Lease and the FinalState are")
      ->capture_default_str();
  command.add_option("--cluster", watch.cluster, "What to call this cluster in the store")->capture_default_str();
  command
      .add_option("--identity", watch.identity,
                  "Of this replica, for the Lease (default: the host's name and a number)")
      ->type_name("NAME");
  command
      .add_option("--scanner-image", watch.scanner_images,
                  "An image of initscan to believe, beside those of the FinalState; repeatable")
      ->type_name("REFERENCE");
  command.add_option("--exclude-namespace", watch.excluded_namespaces, "One that initscan never looks at; repeatable")
      ->type_name("NAME")
      ->capture_default_str();
}

}  // namespace

void add_watch_options(CLI::App& command, WatchOptions& options) {
  add_store_options(command, options.store);
  add_cluster_options(command, options);
  options.listen = "0.0.0.0:8444";
  add_listen_options(command, options, "serve /metrics", true);
  command.add_flag(
      "--open-metrics", options.open_metrics,
      "Answer /metrics to whoever reaches the port; otherwise it takes a token of the cluster whose account "
      "may `get` /metrics");
  add_log_option(command, options);
}

Result<void> settle(WatchOptions& options) {
  if (auto settled = settle_serving(options); !settled) return settled;
  options.server.drain = std::chrono::seconds(0);
  auto kube = find_kube_config(options.kubeconfig, options.context);
  if (!kube) return kube.error();
  options.watch.kube = std::move(*kube);
  if (options.watch.identity.empty()) options.watch.identity = replica_identity();
  return {};
}

}  // namespace initscan::server
