#pragma once

#include "common/http/server.h"
#include "injector/admission/metrics.h"
#include "injector/cluster/events.h"
#include "injector/inject/config.h"

#include <functional>

namespace initscan::injector {

// How the server itself is, as its paths tell.
struct ServerState {
  bool draining = false;
  bool ready = true;  // knows the cluster, where it follows one
  std::chrono::sys_seconds certificate_expiry;
};

// What answers follow from.
struct Routes {
  ConfigFor config_for;
  InjectorMetrics& metrics;
  std::function<ServerState()> state;
  std::function<ClusterFigures()> cluster;  // empty without one
  HintQueue* hints = nullptr;               // nullptr without a cluster

  /// Answers the injector's paths: /mutate, /validate, /bypass, /healthz, /readyz (503 while it drains or does not
  /// know the cluster yet), /metrics.
  HttpResponse answer(const HttpRequest& request) const;
};

}  // namespace initscan::injector
