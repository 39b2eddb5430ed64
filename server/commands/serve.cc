#include "common/text/visible.h"

#include <memory>

#include "server/api/health.h"
#include "server/api/problem.h"
#include "server/commands/commands.h"
#include "server/commands/serve_options.h"
#include "server/store/store.h"
#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace initscan::server {
namespace {

void start_log(const std::string& level) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("initscan-server"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ level=%l %v", spdlog::pattern_time_type::utc);
  spdlog::set_level(spdlog::level::from_str(level));
}

void log_reload(const Result<void>& loaded) {
  if (loaded) {
    spdlog::info("certificate reloaded");
  } else {
    spdlog::error("certificate not reloaded, the one before stays: {}", visible(loaded.error().text));
  }
}

HttpResponse answer(const HttpRequest& request, const HttpServer& server) {
  if (request.method != "GET" && request.method != "HEAD") return problem(405, "want GET");
  if (request.path == "/healthz") return answer_health();
  if (request.path == "/readyz") return answer_readiness({server.draining(), {}});
  return problem(404, "there is nothing at " + request.path);
}

Result<ExitCode> serve(ServeOptions& options) {
  start_log(options.log_level);
  if (auto settled = settle(options); !settled) return settled.error();
  const auto store = Store::open(options.store_path, options.store);
  if (!store) return store.error();
  if (!(*store)->was_checked_as_a_whole()) spdlog::warn("the store is too large to be looked through for damage");

  options.server.on_reload = log_reload;
  HttpServer* self = nullptr;  // set before the first request can come
  auto server = HttpServer::open(options.server, [&](const HttpRequest& request) { return answer(request, *self); });
  if (!server) return server.error();
  self = server->get();
  spdlog::info("listening address={} port={}", options.server.address, (*server)->port());
  (*server)->run();
  spdlog::info("stopped");
  return ExitCode::pass;
}

}  // namespace

void add_serve_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("serve", "Take reports and answer questions about them, over TLS");
  const auto options = std::make_shared<ServeOptions>();
  add_serve_options(*command, *options);
  add_example(*command,
              "initscan-server serve --store /var/lib/initscan/store.db --tls-cert tls.crt --tls-key tls.key");
  command->callback([&chosen, options] { chosen = [options] { return serve(*options); }; });
}

}  // namespace initscan::server
