#include "injector/doctor/deployed.h"

#include "common/gate/server_arguments.h"
#include "common/json/parts.h"

namespace initscan::injector {

DeployedArguments deployed_arguments(const nlohmann::json& deployment) {
  DeployedArguments said;
  const nlohmann::json& pod = object_in(object_in(object_in(deployment, "spec"), "template"), "spec");
  for (const nlohmann::json& container : list_in(pod, "containers")) {
    for (const nlohmann::json& arg : list_in(container, "args")) {
      const std::string text = arg.is_string() ? arg.get<std::string>() : std::string();
      if (text.starts_with("--mode=")) said.mode = mode_wish_from(std::string_view(text).substr(7)).value_or(said.mode);
      if (text.starts_with("--tls-cert")) said.own_certificates = false;
      if (text == "--allow-pod-opt-out") said.allow_pod_opt_out = true;
      if (text == "--assigned-user") said.assigned_user = true;
      if (text == "--volumes-only") said.volumes_only = true;
      if (is_server_argument(text)) said.servers.push_back(text);
      if (text == "--release-blocked") said.releases_blocked = true;
    }
  }
  return said;
}

}  // namespace initscan::injector
