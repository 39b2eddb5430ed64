#pragma once

#include "common/kube/client.h"
#include "common/kube/event.h"
#include "injector/cluster/events.h"
#include "injector/cluster/pod_event.h"
#include "injector/cluster/settings.h"

#include <chrono>
#include <map>
#include <set>
#include <string>

namespace initscan::injector {

// Looks at the pods that reviews hint at, and writes events about those that are there. The same event again within
// ten minutes raises the count of the first, once for each pod, and that is written at most once in half a minute:
// a crash loop must not flood etcd.
class EventWriter {
 public:
  EventWriter(KubeClient& client, std::string component, const ClusterSettings& settings)
      : client_(client), component_(std::move(component)), settings_(settings) {}

  boost::asio::awaitable<Result<void>> write(HintQueue& queue);

 private:
  // A pod as the API server has it.
  struct Confirmed {
    PodEvent event;
    EventObject about;  // the pod, or its controller where admission did not know its name yet
    std::string uid;    // the pod's
  };
  struct Written {
    std::string name;
    std::string namespace_;
    std::set<std::string> pods;  // by uid: their number is the event's count
    std::size_t told = 0;        // the count that the API server has
    std::chrono::steady_clock::time_point first;
    std::chrono::steady_clock::time_point last_told;
  };
  boost::asio::awaitable<Result<std::string>> name_of(const PodHint& hint);
  boost::asio::awaitable<Result<void>> find(const PodHint& hint, nlohmann::json& pod);
  boost::asio::awaitable<Result<std::optional<Confirmed>>> confirm(const PodHint& hint, bool& is_there);
  boost::asio::awaitable<Result<void>> tell(const PodHint& hint, Confirmed confirmed);
  boost::asio::awaitable<Result<void>> create(const Confirmed& confirmed, Written& written);
  boost::asio::awaitable<Result<void>> raise(Written& written);

  KubeClient& client_;
  const std::string component_;
  const ClusterSettings& settings_;
  std::map<std::string, Written> written_;
};

}  // namespace initscan::injector
