#pragma once

#include "common/http/server.h"
#include "injector/config.h"
#include "injector/metrics.h"

#include <functional>

namespace initscan {

/// Answers the injector's paths: /mutate, /healthz, /readyz (503 while `draining`), /metrics.
HttpResponse route(const HttpRequest& request, const InjectorConfig& config, InjectorMetrics& metrics, bool draining);

}  // namespace initscan
