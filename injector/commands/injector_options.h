#pragma once

#include "common/result.h"
#include "common/version.h"
#include "initscan/model/policy.h"
#include "injector/cluster/gate_servers.h"
#include "injector/inject/config.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace initscan::injector {

// What `serve` and `inject` have in common on the command line.
struct InjectorOptions {
  std::string image = kImage;
  std::string index_image;
  std::string mode = "copy";
  std::string policy_path;
  bool allow_pod_opt_out = false;
  bool assigned_user = false;
  bool always_pull = false;
  bool volumes_only = false;
  std::vector<std::string> architectures;
  GateServers servers;
};

void add_injector_options(CLI::App& command, InjectorOptions& options);

/// Errors: usage - options that contradict each other.
Result<void> check_options(const InjectorOptions& options);

/// Reads the policy. Errors: those of the policy file.
Result<Policy> policy_of(const InjectorOptions& options);

/// All but what gates are told of servers, which is read from a file.
InjectorConfig config_of(const InjectorOptions& options, const Policy& policy);

}  // namespace initscan::injector
