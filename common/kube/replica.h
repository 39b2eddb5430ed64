#pragma once

#include <string>

namespace initscan {

/// Of this process among the replicas that share a Lease: the host's name and a number. In a cluster the host's name is
/// the pod's; a container of it that is started again has the same one, as have two processes of one host, and neither
/// may take the Lease of the other for its own.
std::string replica_identity();

}  // namespace initscan
