#include "injector/commands/cluster_options.h"

#include <CLI/CLI.hpp>

namespace initscan::injector {

void add_cluster_options(CLI::App& command, ClusterOptions& options, const std::string& what_namespace) {
  command
      .add_option(
          "--kubeconfig", options.kubeconfig,
          "The kubeconfig (default: $KUBECONFIG, ~/.kube/config, or the service account of the pod that this runs in)")
      ->type_name("FILE");
  command.add_option("--context", options.context, "A context of the kubeconfig (default: its current one)");
  command.add_option("-n,--namespace", options.namespace_name, what_namespace);
}

}  // namespace initscan::injector
