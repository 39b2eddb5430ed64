#include "injector/routes.h"

#include "injector/validation.h"

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
  if (answer.decision == "denied" || answer.decision == "warned" || answer.decision == "rejected") {
    spdlog::warn("decision={} reason={} uid={} namespace={} error=\"{}\"", answer.decision, answer.reason, answer.uid,
                 answer.namespace_, answer.error);
  } else if (answer.reason == "bypassed") {
    spdlog::warn("decision={} reason={} uid={} namespace={} pod={} user={}", answer.decision, answer.reason, answer.uid,
                 answer.namespace_, answer.pod, answer.user);
  } else {
    spdlog::debug("decision={} reason={} uid={} namespace={}", answer.decision, answer.reason, answer.uid,
                  answer.namespace_);
  }
}

// What the pod's owner has to know. That a pod was injected stands in its annotation: an event for each would
// only fill etcd.
void tell(const ReviewAnswer& answer, EventQueue& events) {
  PodEvent event{answer.namespace_, answer.pod, "InjectionSkipped", "", false, answer.owner};
  if (answer.reason == "invalid-pod") {
    event.reason = "InjectionFailed";
    event.message = answer.error;
    event.is_warning = true;
  } else if (answer.reason == "bypassed") {
    event.reason = "ScanBypassed";
    event.message = answer.user + " started it without a scan: it is labelled initscan.io/inject=disabled, and " +
                    answer.user + " may bypass scanpolicies.initscan.io here";
    event.is_warning = true;
  } else if (answer.reason == "windows") {
    event.message = "initscan does not scan Windows pods";
  } else if (answer.reason == "architecture") {
    event.message = "it runs on nodes of an architecture for which there is no initscan";
  } else if (answer.reason == "opted-out") {
    event.message = "it is labelled initscan.io/inject=disabled, and the policy allows that";
  } else {
    return;
  }
  events.push(std::move(event));
}

HttpResponse answer_admission(const Routes& routes, const HttpRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  ReviewAnswer answer = request.path == "/bypass"     ? answer_bypass(request.body)
                        : request.path == "/validate" ? answer_validation(request.body, routes.config_for)
                                                      : answer_review(request.body, routes.config_for);
  routes.metrics.count(answer, std::chrono::steady_clock::now() - start);
  log(answer);
  // A validation follows on a mutation that has told it already.
  if (routes.events != nullptr && request.path != "/validate") tell(answer, *routes.events);
  HttpResponse response;
  response.status = answer.http_status;
  if (answer.http_status == 200) response.content_type = "application/json";
  response.body = std::move(answer.body);
  return response;
}

HttpResponse readiness(const ServerState& state) {
  if (state.draining) return text(503, "draining");
  return state.ready ? text(200, "ok") : text(503, "waiting for the cluster's namespaces and a certificate");
}

}  // namespace

HttpResponse Routes::answer(const HttpRequest& request) const {
  if (request.path == "/mutate" || request.path == "/validate" || request.path == "/bypass") {
    return request.method == "POST" ? answer_admission(*this, request) : text(405, "want POST");
  }
  if (request.method != "GET" && request.method != "HEAD") return text(405, "want GET");
  if (request.path == "/healthz") return text(200, "ok");
  if (request.path == "/readyz") return readiness(state());
  if (request.path == "/metrics") {
    HttpResponse response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = metrics.text(state().certificate_expiry, cluster ? cluster() : ClusterFigures());
    return response;
  }
  return text(404, "not found; there are /mutate, /validate, /bypass, /healthz, /readyz and /metrics");
}

}  // namespace initscan
