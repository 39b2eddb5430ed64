#include "injector/routes.h"

#include <spdlog/spdlog.h>

namespace initscan {
namespace {

HttpResponse text(unsigned status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body) + '\n';
  return response;
}

void log(const ReviewAnswer& answer) {
  if (answer.decision == "denied" || answer.decision == "rejected") {
    spdlog::warn("decision={} reason={} uid={} namespace={} error=\"{}\"", answer.decision, answer.reason, answer.uid,
                 answer.namespace_, answer.error);
  } else {
    spdlog::debug("decision={} reason={} uid={} namespace={}", answer.decision, answer.reason, answer.uid,
                  answer.namespace_);
  }
}

HttpResponse mutate(const HttpRequest& request, const InjectorConfig& config, InjectorMetrics& metrics) {
  const auto start = std::chrono::steady_clock::now();
  ReviewAnswer answer = answer_review(request.body, config);
  metrics.count(answer, std::chrono::steady_clock::now() - start);
  log(answer);
  HttpResponse response;
  response.status = answer.http_status;
  if (answer.http_status == 200) response.content_type = "application/json";
  response.body = std::move(answer.body);
  return response;
}

}  // namespace

HttpResponse route(const HttpRequest& request, const InjectorConfig& config, InjectorMetrics& metrics,
                   const ServerState& state) {
  if (request.path == "/mutate") {
    return request.method == "POST" ? mutate(request, config, metrics) : text(405, "want POST");
  }
  if (request.method != "GET" && request.method != "HEAD") return text(405, "want GET");
  if (request.path == "/healthz") return text(200, "ok");
  if (request.path == "/readyz") return state.draining ? text(503, "draining") : text(200, "ok");
  if (request.path == "/metrics") {
    HttpResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = metrics.text(state.certificate_expiry);
    return response;
  }
  return text(404, "not found; there are /mutate, /healthz, /readyz and /metrics");
}

}  // namespace initscan
