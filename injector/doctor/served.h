#pragma once

#include "common/kube/client.h"
#include "injector/doctor/found.h"

#include <chrono>
#include <optional>
#include <string>

namespace initscan::injector {

// What the injector's own metrics say, requested as the API server would: trusting only caBundle.
struct Served {
  std::string metrics;
  std::string failure;      // why it could not be asked from here
  bool distrusted = false;  // it answered, but its certificate is not for that name or not signed by caBundle
  bool by_proxy = false;    // asked through the API server, which does not look at the certificate then
};

/// From outside the cluster a Service's name does not resolve: then through the API server.
boost::asio::awaitable<Served> ask_injector(KubeClient& client, nlohmann::json hook);

/// The value of a metric without labels, or the largest of one with labels; nullopt if there is none.
std::optional<double> metric_of(const std::string& metrics, const std::string& name);

/// The certificate that is served: trusted, and the one in the Secret. If the injector cannot be reached from here, a
/// trial pod that came back injected has shown that the API server trusts it.
CheckItem judge_served(const Served& served, const Found& secret, const CheckItem& trial, std::chrono::sys_seconds now);

/// The age of what the injector knows about the cluster.
CheckItem judge_knowledge(const Served& served);

}  // namespace initscan::injector
