#include "common/http/server.h"
#include "injector/commands.h"
#include "injector/options.h"
#include "injector/routes.h"

#include <memory>

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace initscan {
namespace {

struct ServeOptions : InjectorOptions {
  std::string listen = "0.0.0.0:8443";
  HttpServerOptions server;
  int drain_seconds = 5;
  std::string log_level = "info";
};

// "127.0.0.1:8443" or "[::1]:8443"
Result<void> read_listen(const std::string& listen, HttpServerOptions& server) {
  const Error error{Errc::usage, "--listen: want ADDRESS:PORT, got \"" + listen + '"'};
  const std::size_t colon = listen.rfind(':');
  if (colon == listen.npos || colon + 1 == listen.size() || listen.size() - colon > 6) return error;
  const std::string port = listen.substr(colon + 1);
  if (port.find_first_not_of("0123456789") != port.npos || std::stoul(port) > 65535) return error;
  server.port = static_cast<std::uint16_t>(std::stoul(port));
  server.address = listen.substr(0, colon);
  if (server.address.starts_with('[') && server.address.ends_with(']')) {
    server.address = server.address.substr(1, server.address.size() - 2);
  }
  return {};
}

Result<ExitCode> serve(ServeOptions& options) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("initscan-injector"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ level=%l %v", spdlog::pattern_time_type::utc);
  spdlog::set_level(spdlog::level::from_str(options.log_level));
  if (auto read = read_listen(options.listen, options.server); !read) return read.error();
  const auto config = config_of(options);
  if (!config) return config.error();
  options.server.drain = std::chrono::seconds(options.drain_seconds);

  options.server.on_reload = [](const Result<void>& loaded) {
    if (loaded) {
      spdlog::info("certificate reloaded");
    } else {
      spdlog::error("certificate not reloaded, the one before stays: {}", loaded.error().text);
    }
  };

  InjectorMetrics metrics;
  const HttpServer* self = nullptr;  // set before the first request can come
  auto server = HttpServer::open(options.server, [&](const HttpRequest& request) {
    return route(request, *config, metrics, {self->draining(), self->certificate_expiry()});
  });
  if (!server) return server.error();
  self = server->get();
  spdlog::info("listening address={} port={} mode={} policy={}", options.server.address, (*server)->port(),
               options.mode, config->policy_name);
  (*server)->run();
  spdlog::info("stopped");
  return ExitCode::pass;
}

}  // namespace

void add_serve_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("serve", "Answer the API server's AdmissionReviews at /mutate, over TLS");
  const auto options = std::make_shared<ServeOptions>();
  add_injector_options(*command, *options);
  command->add_option("--listen", options->listen, "Where to listen")->type_name("ADDRESS:PORT")->capture_default_str();
  command->add_option("--tls-cert", options->server.certificate_file, "Certificate and chain, PEM")
      ->required()
      ->type_name("FILE");
  command->add_option("--tls-key", options->server.key_file, "Private key, PEM")->required()->type_name("FILE");
  command->add_option("--threads", options->server.threads, "Threads that answer")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command
      ->add_option("--drain-seconds", options->drain_seconds,
                   "After SIGTERM: how long requests are still answered, while /readyz says 503")
      ->check(CLI::Range(0, 300))
      ->capture_default_str();
  command
      ->add_option_function<int>(
          "--tls-reload-seconds", [options](int seconds) { options->server.reload = std::chrono::seconds(seconds); },
          "How often the certificate's files are looked at for a new one")
      ->check(CLI::Range(1, 3600))
      ->default_str("10");
  command->add_option("--log-level", options->log_level, "debug (every answer), info, warning or error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  command->callback([&chosen, options] { chosen = [options] { return serve(*options); }; });
}

}  // namespace initscan
