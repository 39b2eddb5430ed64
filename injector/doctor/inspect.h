#pragma once

#include "common/kube/client.h"
#include "injector/doctor/found.h"

#include <string>
#include <vector>

namespace initscan::injector {

struct CheckOptions {
  Installation installation;
  bool probe = false;           // start a pod there for real, and delete it
  std::string trial_namespace;  // "": the first labelled one
};

/// Looks at an installation, in the order in which its parts depend on each other. Changes nothing: the one pod
/// that it creates is a dry run, but for the one that a probe asks for.
/// Errors: io - the API server cannot be asked at all. A single part that cannot be read is an item that says so.
boost::asio::awaitable<Result<std::vector<CheckItem>>> inspect(KubeClient& client, CheckOptions options);

}  // namespace initscan::injector
