#pragma once

#include "common/kube/client.h"
#include "injector/cluster/settings.h"
#include "injector/pod/pod.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace initscan::injector {

inline constexpr std::size_t kMaxReleased = 10;  // pods deleted in one round

// One pod that is to make room for another.
struct Release {
  std::string namespace_name;
  std::string name;
  std::string uid;
  std::string resource_version;
  Owner owner;
  std::string why;  // for the event: "its policy has changed since the pod was refused"
};

/// Whether a pod is blocked by something that has changed since, and its controller replaces it: it belongs to a
/// ReplicaSet, a StatefulSet or a DaemonSet (a Job counts failures, and a bare pod would be gone), and is not being
/// deleted. `next` is what its namespace's next pod would get; `born_before`: a younger one may have been created by a
/// replica that did not know yet what this one knows; if its successors were as well, none is deleted more often.
std::optional<Release> release_of(const nlohmann::json& pod, const InjectorConfig& next,
                                  std::chrono::sys_seconds born_before);

// Deletes such pods: the right to delete pods is the component's that asks for it. What a pod was when it was read
// it has to be still when it goes (uid and resourceVersion), so that none goes that has started meanwhile.
class Releaser {
 public:
  /// `age` is that of the youngest pods that go; two rounds are half of it apart, and each reads what is
  /// pending in the labelled namespaces.
  Releaser(KubeClient& client, const ClusterSettings& settings, std::string component, std::chrono::seconds age)
      : client_(client), settings_(settings), component_(std::move(component)), age_(age) {}

  /// One round, where it is time for one.
  boost::asio::awaitable<Result<void>> run();

 private:
  boost::asio::awaitable<Result<std::vector<Release>>> find(const std::string& namespace_name);
  boost::asio::awaitable<Result<void>> release(const Release& release);
  boost::asio::awaitable<Result<void>> tell(const Release& release);

  KubeClient& client_;
  const ClusterSettings& settings_;
  const std::string component_;
  const std::chrono::seconds age_;
  std::chrono::steady_clock::time_point next_round_;
};

}  // namespace initscan::injector
