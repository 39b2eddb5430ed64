#pragma once

#include "common/kube/client.h"
#include "injector/cluster/settings.h"
#include "injector/doctor/deployed.h"
#include "injector/doctor/found.h"

#include <memory>
#include <string>

namespace initscan::injector {

/// One object; none if the path does not exist; every other refusal is a failure.
boost::asio::awaitable<Found> find_one(KubeClient& client, std::string path);

/// All of a kind, in pages. A kind that the cluster does not know has none.
boost::asio::awaitable<FoundList> find_all(KubeClient& client, std::string path);

// What the injector would follow, read once.
struct FollowedCluster {
  FoundList namespaces;
  Failure failure;                            // of what belongs to them: policies and exemptions
  std::unique_ptr<ClusterSettings> settings;  // made of all of it by the injector's own code
};

/// Reads what the injector's decisions follow from. `parameters` name the image that pods get; `said` is what the
/// injector was told, `best` what mode "auto" means.
boost::asio::awaitable<FollowedCluster> follow_once(KubeClient& client, const Found& parameters, DeployedArguments said,
                                                    Mode best);

}  // namespace initscan::injector
