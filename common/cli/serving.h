#pragma once

#include "common/http/server.h"
#include "common/result.h"

#include <string>

namespace CLI {
class App;
}

namespace initscan {

// How a command that serves HTTPS is told to do it.
struct ServingOptions {
  std::string listen = "0.0.0.0:8443";
  HttpServerOptions server;
  std::string log_level = "info";
};

/// Declares --listen, --tls-cert, --tls-key and --tls-reload-seconds. `what` is done there: "listen".
void add_listen_options(CLI::App& command, ServingOptions& options, const std::string& what, bool wants_certificate);

/// Declares --threads and --drain-seconds, for a server that many ask.
void add_load_options(CLI::App& command, ServingOptions& options);

/// Declares --log-level; `debug` is its word for the most, and what that adds.
void add_log_option(CLI::App& command, ServingOptions& options, const std::string& debug = "debug");

/// Reads where to listen. Errors: usage.
Result<void> settle_serving(ServingOptions& options);

}  // namespace initscan
