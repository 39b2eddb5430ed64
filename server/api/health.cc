#include "server/api/health.h"

#include "server/api/problem.h"

namespace initscan::server {

HttpResponse answer_health() {
  HttpResponse response;
  response.body = "ok\n";
  return response;
}

HttpResponse answer_readiness(const Readiness& readiness) {
  if (readiness.draining) return problem(503, "the server is about to stop");
  if (!readiness.missing.empty()) return problem(503, readiness.missing);
  return answer_health();
}

}  // namespace initscan::server
