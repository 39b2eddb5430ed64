#include "common/cli/serving.h"

#include "common/net/listen_address.h"

#include <CLI/CLI.hpp>

namespace initscan {
namespace {

constexpr unsigned kMaxThreads = 64;

// Of a duration in whole seconds.
template <class Duration>
void add_seconds(CLI::App& command, const char* name, Duration& value, int least, int most, const char* what) {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(value).count();
  command
      .add_option_function<int>(
          name, [&value](int seconds) { value = std::chrono::seconds(seconds); }, what)
      ->check(CLI::Range(least, most))
      ->default_str(std::to_string(now));
}

}  // namespace

void add_listen_options(CLI::App& command, ServingOptions& options, const std::string& what, bool wants_certificate) {
  HttpServerOptions& server = options.server;
  command.add_option("--listen", options.listen, "Where to " + what)->type_name("ADDRESS:PORT")->capture_default_str();
  CLI::Option* const certificate =
      command.add_option("--tls-cert", server.certificate_file, "Certificate and chain, PEM")->type_name("FILE");
  CLI::Option* const key = command.add_option("--tls-key", server.key_file, "Private key, PEM")->type_name("FILE");
  certificate->needs(key)->required(wants_certificate);
  key->needs(certificate)->required(wants_certificate);
  add_seconds(command, "--tls-reload-seconds", server.reload, 1, 3600,
              "How often the certificate's files are checked for a new certificate");
}

void add_load_options(CLI::App& command, ServingOptions& options) {
  command.add_option("--threads", options.server.threads, "Number of threads that read requests and write answers")
      ->check(CLI::Range(1U, kMaxThreads))
      ->capture_default_str();
  add_seconds(command, "--drain-seconds", options.server.drain, 0, 300,
              "How long requests are still answered after SIGTERM, while /readyz says 503");
}

void add_log_option(CLI::App& command, ServingOptions& options, const std::string& debug) {
  command.add_option("--log-level", options.log_level, debug + ", info, warning or error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
}

Result<void> settle_serving(ServingOptions& options) {
  auto listen = parse_listen_address(options.listen);
  if (!listen) return std::move(listen).error().within("--listen");
  options.server.address = std::move(listen->address);
  options.server.port = listen->port;
  return {};
}

}  // namespace initscan
