#pragma once

#include "injector/inject/config.h"

#include <nlohmann/json_fwd.hpp>

namespace initscan::injector {

// What the arguments in the injector's Deployment say, as far as what pods get follows from it. Without a Deployment:
// the defaults.
struct DeployedArguments {
  ModeWish mode = ModeWish::automatic;
  bool own_certificates = true;
  bool allow_pod_opt_out = false;
  bool assigned_user = false;
  bool volumes_only = false;
  bool releases_blocked = false;
  std::vector<std::string> servers;  // "--report-to=URL", "--server=URL"
};

DeployedArguments deployed_arguments(const nlohmann::json& deployment);

}  // namespace initscan::injector
