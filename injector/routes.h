#pragma once

#include "common/http/server.h"
#include "injector/config.h"
#include "injector/metrics.h"

#include <functional>

namespace initscan {

// How the server itself is, as its paths tell.
struct ServerState {
  bool draining = false;
  std::chrono::sys_seconds certificate_expiry;
};

/// Answers the injector's paths: /mutate, /healthz, /readyz (503 while it drains), /metrics.
HttpResponse route(const HttpRequest& request, const InjectorConfig& config, InjectorMetrics& metrics,
                   const ServerState& state);

}  // namespace initscan
