#pragma once

#include "common/kube/client.h"
#include "injector/cluster/events.h"

#include <chrono>
#include <map>
#include <string>

namespace initscan {

// Writes events to the API server. The same event again within ten minutes raises the count of the first, and
// that is written once in half a minute at the most: a crash loop must not flood etcd.
class EventWriter {
 public:
  EventWriter(KubeClient& client, std::string component) : client_(client), component_(std::move(component)) {}

  boost::asio::awaitable<Result<void>> write(EventQueue& queue);

 private:
  struct Written {
    std::string name;
    std::string namespace_;
    unsigned count = 0;
    unsigned told = 0;  // the count that the API server has
    std::chrono::steady_clock::time_point first;
    std::chrono::steady_clock::time_point last_told;
  };
  boost::asio::awaitable<Result<void>> create(const PodEvent& event, Written& written);
  boost::asio::awaitable<Result<void>> raise(Written& written);

  KubeClient& client_;
  const std::string component_;
  std::map<std::string, Written> written_;
};

}  // namespace initscan
