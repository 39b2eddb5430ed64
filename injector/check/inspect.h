#pragma once

#include "common/kube/client.h"
#include "injector/check/found.h"

#include <string>
#include <vector>

namespace initscan {

struct CheckOptions {
  Installation installation;
  std::string trial_namespace;  // "": the first labelled one
};

/// Looks at an installation, in the order in which its parts depend on each other. Changes nothing: the one pod
/// that it creates is a dry run.
/// Errors: io - the API server cannot be asked at all. What alone cannot be read is an item that says so.
boost::asio::awaitable<Result<std::vector<CheckItem>>> inspect(KubeClient& client, CheckOptions options);

}  // namespace initscan
