#pragma once

#include "common/result.h"
#include "initscan/courier/courier.h"
#include "initscan/pipeline.h"

#include <chrono>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace initscan {

// Which servers a scan deals with.
struct ServerOptions {
  std::string match_url;   // "": the index on this machine matches
  std::string report_url;  // "": nobody is told
  std::string token_file;
  std::string ca_file;
  std::string ca_inline;  // the certificates themselves
  int match_seconds = 10;
  int report_seconds = 2;
};

/// --server and what belongs to it.
void add_server_options(CLI::App& command, ServerOptions& options);

/// --report-to, besides.
void add_report_options(CLI::App& command, ServerOptions& options);

/// Errors: usage - options that say nothing without another.
Result<void> check(const ServerOptions& options);

// The way to the servers, and why there is none where it is needed.
struct Servers {
  std::optional<Courier> courier;
  std::string fault;

  /// As a scan takes it; nullopt: no server matches.
  std::optional<ServerToAsk> to_ask(const ServerOptions& options);
};

/// Starts a courier where a server is named. That it cannot be started ends no scan: it is as a server that does not
/// answer.
Servers reach_servers(const ServerOptions& options);

}  // namespace initscan
