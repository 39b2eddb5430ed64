#pragma once

#include "common/cli/serving.h"
#include "injector/cluster/control.h"
#include "injector/commands/injector_options.h"

#include <string>

namespace initscan::injector {

struct ServeOptions : InjectorOptions, ServingOptions {
  std::string policy_folder;
  std::vector<std::string> accepted_images;
  std::string kubeconfig;
  std::string context;
  bool in_cluster = false;  // follow the cluster of the service account, or of the kubeconfig
  ControlOptions control;
};

void add_serve_options(CLI::App& command, ServeOptions& options);

/// Fills in what follows from the words: addresses, times, the cluster. Errors: usage, and those of a kubeconfig.
Result<void> settle(ServeOptions& options);

}  // namespace initscan::injector
