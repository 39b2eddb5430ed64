#pragma once

#include "common/kube/client.h"
#include "common/kube/event.h"
#include "server/pods/pod_state.h"

#include <cstddef>
#include <deque>
#include <string>

namespace initscan::server {

inline constexpr std::size_t kMaxWaitingEvents = 1000;  // a storm of pods makes no more; the rest is counted as lost

// A pod that its gate has just kept from starting.
struct BlockedPod {
  std::string namespace_;
  std::string name;
  std::string uid;
  BlockReason reason = BlockReason::undecided;
  std::string words;  // the first line for people of the gate's message, or the kubelet's; "" where there is none
};

/// What is to be told of a pod that the API server has.
BlockedPod blocked_pod_of(const nlohmann::json& pod, BlockReason reason);

/// The Event on the pod. Its name follows from the pod and the reason: one that is there already is told once.
KubeEvent event_of(const BlockedPod& blocked, const std::string& component);

// Writes such events, in their order.
class BlockEvents {
 public:
  BlockEvents(KubeClient& client, std::string component) : client_(client), component_(std::move(component)) {}

  void add(BlockedPod blocked);

  /// Writes what waits; what cannot be written now stays. Errors: as of KubeClient::ask(), and a refusal.
  boost::asio::awaitable<Result<void>> write();

  /// For a replica that does not lead.
  void clear() { waiting_.clear(); }

  std::size_t lost() const { return lost_; }

 private:
  KubeClient& client_;
  const std::string component_;
  std::deque<BlockedPod> waiting_;
  std::size_t lost_ = 0;
};

}  // namespace initscan::server
