#pragma once

#include "common/http/exchange.h"

#include <string>

namespace initscan::server {

// Whether requests may come, and why not.
struct Readiness {
  bool draining = false;
  std::string missing;  // what is needed and is not there, for people; "": nothing
};

/// /healthz: the process answers.
HttpResponse answer_health();

/// /readyz: it answers what it is there for.
HttpResponse answer_readiness(const Readiness& readiness);

}  // namespace initscan::server
