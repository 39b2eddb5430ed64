#pragma once

#include "common/result.h"

#include <string>
#include <vector>

namespace initscan::injector {

// Which servers gates deal with; all empty: with none.
struct GateServers {
  std::string report_url;  // that is told what they found
  std::string match_url;   // that matches
  std::string ca_file;     // PEM: who signs the servers' certificates. initscan's image knows no other authority

  bool empty() const { return report_url.empty() && match_url.empty(); }
};

/// What a gate is told of them: common/gate/server_arguments.h. The certificates travel in its arguments, as its policy
/// does: no object of another namespace can be mounted, and what a pod's owner may change is no place for whom to
/// trust. Errors: those of the file and of its certificates.
Result<std::vector<std::string>> gate_arguments(const GateServers& servers);

}  // namespace initscan::injector
