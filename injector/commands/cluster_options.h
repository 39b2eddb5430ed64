#pragma once

#include <chrono>
#include <string>

namespace CLI {
class App;
}

namespace initscan::injector {

inline constexpr std::chrono::seconds kLongestCommand{120};  // that asks a cluster

// How commands that ask a cluster are told which one, with kubectl's options.
struct ClusterOptions {
  std::string kubeconfig;
  std::string context;
  std::string namespace_name;  // "": not said
};

void add_cluster_options(CLI::App& command, ClusterOptions& options, const std::string& what_namespace);

}  // namespace initscan::injector
