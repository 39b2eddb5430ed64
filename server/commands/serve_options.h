#pragma once

#include "common/http/server.h"
#include "common/result.h"

#include <string>

#include "server/store/database.h"
#include "server/store/retention.h"

namespace CLI {
class App;
}

namespace initscan::server {

struct ServeOptions {
  std::string listen = "0.0.0.0:8443";
  std::string store_path;
  DatabaseOptions store;
  Retention retention;
  HttpServerOptions server;
  int drain_seconds = 5;
  std::string log_level = "info";
};

void add_serve_options(CLI::App& command, ServeOptions& options);

/// Fills in what follows from the words. Errors: usage.
Result<void> settle(ServeOptions& options);

}  // namespace initscan::server
