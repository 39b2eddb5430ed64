#include "injector/doctor/served.h"

#include "common/json/parts.h"
#include "common/text/lines.h"
#include "injector/certificates/authority.h"
#include "injector/cluster/certificate_keeper.h"
#include "injector/doctor/webhooks.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include <boost/asio/use_awaitable.hpp>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr const char* kServed = "served";
constexpr const char* kKnowledge = "knowledge";
constexpr std::chrono::seconds kSameEnd{120};
constexpr double kOld = 60;  // seconds

KubeLimits limits() {
  KubeLimits limits;
  limits.connect = std::chrono::seconds(3);
  limits.request = std::chrono::seconds(5);
  limits.body_bytes = 4 << 20;
  return limits;
}

asio::awaitable<Served> ask_directly(const Json& hook) {
  const WebhookAddress address = address_of(hook);
  KubeConfig config;  // without any credentials: the injector asks for none
  config.host = address.host;
  config.port = address.port;
  config.ca_pem = bundle_of(hook);
  Served served;
  if (config.ca_pem.empty()) {
    served.failure = "there is no caBundle to trust";
    co_return served;
  }
  auto connection = co_await KubeConnection::open(config, limits());
  if (!connection) {
    served.failure = connection.error().text;
    served.distrusted = connection.error().code == Errc::distrusted;
    co_return served;
  }
  KubeRequest request;
  request.path = "/metrics";
  auto answer = co_await (*connection)->send(request);
  if (!answer) {
    served.failure = answer.error().text;
  } else if (answer->status != 200) {
    served.failure = "https://" + address.host + ':' + address.port + "/metrics: " + std::to_string(answer->status);
  } else {
    served.metrics = std::move(answer->body);
  }
  co_return served;
}

asio::awaitable<Served> ask_through(KubeClient& client, const Json& hook) {
  const Json& service = object_in(object_in(hook, "clientConfig"), "service");
  KubeRequest request;
  request.path = "/api/v1/namespaces/" + escape_segment(text_in(service, "namespace")) +
                 "/services/https:" + escape_segment(text_in(service, "name")) + ':' + address_of(hook).port +
                 "/proxy/metrics";
  Served served;
  served.by_proxy = true;
  auto answer = co_await client.fetch(request);
  if (!answer) {
    served.failure = answer.error().text;
  } else if (answer->status != 200) {
    served.failure = "GET " + request.path + ": " + std::to_string(answer->status);
  } else {
    served.metrics = std::move(answer->body);
  }
  co_return served;
}

}  // namespace

asio::awaitable<Served> ask_injector(KubeClient& client, Json hook) {
  Served served = co_await ask_directly(hook);
  if (served.failure.empty() || served.distrusted || !address_of(hook).by_service) co_return served;
  co_return co_await ask_through(client, hook);
}

std::optional<double> metric_of(const std::string& metrics, const std::string& name) {
  std::optional<double> most;
  for (std::string_view rest = metrics; !rest.empty();) {
    const std::string_view line = take_line(rest);
    if (!line.starts_with(name) || line.size() == name.size()) continue;
    const char after = line[name.size()];
    const std::size_t last_space = line.rfind(' ');
    if ((after != ' ' && after != '{') || last_space == line.npos) continue;
    double value = 0;
    const auto [end, error] = std::from_chars(line.data() + last_space + 1, line.data() + line.size(), value);
    if (error == std::errc() && (!most || value > *most)) most = value;
  }
  return most;
}

CheckItem judge_served(const Served& served, const Found& secret, const CheckItem& trial,
                       std::chrono::sys_seconds now) {
  if (served.distrusted) {
    return CheckItem::error(kServed, "the API server does not trust the injector's certificate: " + served.failure,
                            "restart the injector; it serves the Secret's certificate again");
  }
  if (!served.failure.empty()) {
    if (trial.state == CheckState::ok)
      return CheckItem::ok(kServed, "the API server trusts it: the dry-run pod came back injected");
    return CheckItem::unknown(kServed, served.failure, "run the same in a pod of the cluster");
  }
  const auto left = metric_of(served.metrics, "initscan_certificate_expiry_seconds");
  if (!left)
    return CheckItem::unknown(kServed, "its metrics do not say how long its certificate lasts",
                              "is it initscan-injector that answers there?");
  const auto end = now + std::chrono::seconds(static_cast<std::int64_t>(std::clamp(*left, -1e10, 1e10)));
  const auto stored = validity_of(tls_state_of(secret.object).leaf.certificate);
  if (stored && std::chrono::abs(stored->end - end) > kSameEnd) {
    return CheckItem::error(kServed, "it serves a certificate other than the Secret's", "restart the injector");
  }
  if (served.by_proxy) {
    if (trial.state == CheckState::ok)
      return CheckItem::ok(kServed, "the API server trusts it: the dry-run pod came back injected");
    return stored ? CheckItem::ok(kServed, "it is the Secret's")
                  : CheckItem::unknown(kServed, "which one it is, is not known",
                                       "check with the rights to read the Secret");
  }
  return CheckItem::ok(kServed, stored ? "caBundle trusts it, and it is the Secret's" : "caBundle trusts it");
}

CheckItem judge_knowledge(const Served& served) {
  if (!served.failure.empty()) {
    return CheckItem::unknown(kKnowledge, "how old its knowledge of the cluster is cannot be seen from here",
                              "run the same in a pod of the cluster, or look at initscan_watch_age_seconds");
  }
  const auto age = metric_of(served.metrics, "initscan_watch_age_seconds");
  if (age && *age > kOld) {
    return CheckItem::warning(
        kKnowledge,
        "its knowledge of the cluster is " + std::to_string(std::llround(*age)) + " s old; it continues with that",
        "see why in its log: it cannot watch some resource");
  }
  return CheckItem::ok(kKnowledge, age ? "it is in contact with the API server" : "it follows no cluster");
}

}  // namespace initscan::injector
