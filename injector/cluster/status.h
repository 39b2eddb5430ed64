#pragma once

#include "common/kube/client.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace initscan::injector {

inline constexpr std::size_t kMaxStatusWrites = 20;  // in one round: a change to all must not flood the API server

// What became of a policy or an exemption, for its owner.
struct ObjectState {
  std::string problem;         // why it does not apply as written, "" if it does
  bool has_last_good = false;  // an earlier form of it still applies
  std::string state;           // of an exemption: Active, Expired or Refused
  std::string effect;          // its effect in combination with the cluster's policy, if it applies; "": all of it
  std::optional<std::size_t> namespaces;  // of a policy: labelled ones that it applies to
};

// A status to be written, as a JSON merge patch of the object.
struct StatusUpdate {
  std::string path;  // of the status subresource
  nlohmann::json status;
};

/// The status that says so: conditions Accepted and Degraded, with their time of change carried over from `before`
/// where they have not changed.
nlohmann::json status_of(const ObjectState& state, std::int64_t generation, const nlohmann::json& before,
                         std::chrono::sys_seconds now);

/// Writes the first kMaxStatusWrites of them. An object that has gone meanwhile is skipped. Only for the
/// replica that leads. Errors: the last one; the others are written all the same.
boost::asio::awaitable<Result<void>> write_statuses(KubeClient& client, std::vector<StatusUpdate> updates);

}  // namespace initscan::injector
