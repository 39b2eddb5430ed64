#pragma once

#include "common/gate/pod_shape.h"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxOwnContainers = 64;  // of one pod; an injector makes fewer

// An image that a gate scans, by the number that it has among its arguments.
struct GatedImage {
  std::string number;
  std::string reference;
  bool is_collected = false;  // by a collector that ran in it; otherwise the gate mounts it

  bool operator==(const GatedImage&) const = default;
};

// What was found of a gate in a pod.
struct GateJudgement {
  std::vector<GatedImage> images;  // that it scans: never none where it is initscan's
  std::string problem;             // why it is not; "" where it is, or where no container has a name of initscan's
};

// What the final-state policy accepts of a gate, or accepted at some time.
struct AcceptedGates {
  using Names = std::set<std::string, std::less<>>;

  Names images;        // that install and gate run
  Names index_images;  // that the gate mounts
  Names policies;      // their hashes; NAMESPACE.HASH of one that is accepted in that namespace alone
  Names own_policies;  // namespaces with one of their own: there no other is accepted
  Names servers;       // hashes of what a gate is told of servers (server_arguments.h); nothing is always accepted
};

/// Whether a name is one of those that initscan alone gives to containers and volumes.
bool is_reserved(std::string_view name);

/// Whether a pod is gated by initscan. A name proves nothing, because unless it is guarded anyone may give it to a
/// container, and neither does a label: initscan's containers must come first, with the command, arguments, settings
/// and mounts that an injector gives them, as the admission policy initscan-final-state demands, or as injectors did
/// before there were seals and before the service account's token was kept from them; and nobody else may mount what is
/// theirs.
///
/// Images, index and policy are among those `accepted`; nullptr where nobody can say which are.
GateJudgement judge_gate(const PodShape& pod, const AcceptedGates* accepted);

}  // namespace initscan
