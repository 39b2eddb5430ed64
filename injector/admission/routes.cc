#include "injector/admission/routes.h"

#include "injector/admission/log_value.h"
#include "injector/admission/validation.h"

#include <spdlog/spdlog.h>

namespace initscan::injector {
namespace {

HttpResponse text(unsigned status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body) + '\n';
  return response;
}

// Names, users and messages about them come from anyone who reaches the port.
void log(const ReviewAnswer& answer) {
  const bool is_bypass = answer.reason == Reason::bypassed;
  const bool is_refusal = answer.decision != Decision::patched && answer.decision != Decision::allowed;
  const auto level = is_bypass || is_refusal ? spdlog::level::warn : spdlog::level::debug;
  if (!spdlog::should_log(level)) return;
  std::string line = "decision=" + std::string(to_string(answer.decision)) +
                     " reason=" + std::string(to_string(answer.reason)) + " uid=" + log_value(answer.uid) +
                     " namespace=" + log_value(answer.namespace_);
  if (is_refusal) line += " error=" + log_value(answer.error);
  if (is_bypass) line += " pod=" + log_value(answer.pod) + " user=" + log_value(answer.user);
  spdlog::log(level, "{}", line);
}

// What the pod's owner has to know, once the API server confirms that it is so.
void hint(const ReviewAnswer& answer, HintQueue& hints) {
  const bool is_labelled = answer.reason == Reason::bypassed || answer.reason == Reason::opted_out;
  if (!is_labelled && answer.reason != Reason::windows && answer.reason != Reason::architecture) return;
  hints.push({answer.namespace_, answer.pod, answer.owner, is_labelled});
}

HttpResponse answer_admission(const Routes& routes, const HttpRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  ReviewAnswer answer = request.path == "/bypass"     ? answer_bypass(request.body)
                        : request.path == "/validate" ? answer_validation(request.body, routes.config_for)
                                                      : answer_review(request.body, routes.config_for);
  routes.metrics.count(answer, std::chrono::steady_clock::now() - start);
  log(answer);
  // A validation follows a mutation that has already reported it.
  if (routes.hints != nullptr && request.path != "/validate") hint(answer, *routes.hints);
  HttpResponse response;
  response.status = answer.http_status;
  if (answer.http_status == 200) response.content_type = "application/json";
  response.body = std::move(answer.body);
  return response;
}

HttpResponse readiness(const ServerState& state) {
  if (state.draining) return text(503, "draining");
  return state.ready ? text(200, "ok")
                     : text(503,
                            "waiting for the cluster's namespaces, a certificate, or the final-state policy to accept "
                            "what pods get");
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

}  // namespace initscan::injector
