#include "server/commands/serve_options.h"

#include "common/net/listen_address.h"

#include <cstdint>

#include <CLI/CLI.hpp>

namespace initscan::server {
namespace {

void add_store_options(CLI::App& command, ServeOptions& options) {
  command.add_option("--store", options.store_path, "Where reports are kept: a SQLite file, made where there is none")
      ->type_name("FILE")
      ->required();
  command
      .add_option_function<std::int64_t>(
          "--store-max-mib", [&options](std::int64_t mib) { options.store.max_bytes = mib << 20; },
          "How large it may become; what does not fit is refused (default: 1024)")
      ->check(CLI::Range(1, 1 << 20))
      ->type_name("N");
  command
      .add_option_function<int>(
          "--keep-days", [&options](int days) { options.retention.longest = std::chrono::hours(24) * days; },
          "How long a report is kept (default: 30)")
      ->check(CLI::Range(1, 3650))
      ->type_name("N");
  command
      .add_option("--keep-reports", options.retention.reports_of_one_image, "How many reports of one image are kept")
      ->check(CLI::Range(1, 100'000))
      ->type_name("N")
      ->capture_default_str();
}

void add_listen_options(CLI::App& command, ServeOptions& options) {
  command.add_option("--listen", options.listen, "Where to listen")->type_name("ADDRESS:PORT")->capture_default_str();
  command.add_option("--tls-cert", options.server.certificate_file, "Certificate and chain, PEM")
      ->type_name("FILE")
      ->required();
  command.add_option("--tls-key", options.server.key_file, "Private key, PEM")->type_name("FILE")->required();
  command
      .add_option_function<int>(
          "--tls-reload-seconds", [&options](int seconds) { options.server.reload = std::chrono::seconds(seconds); },
          "How often the certificate's files are looked at for a new one")
      ->check(CLI::Range(1, 3600))
      ->default_str("10");
  command.add_option("--threads", options.server.threads, "Threads that read requests and write answers")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command
      .add_option("--drain-seconds", options.drain_seconds,
                  "After SIGTERM: how long requests are still answered, while /readyz says 503")
      ->check(CLI::Range(0, 300))
      ->capture_default_str();
}

}  // namespace

void add_serve_options(CLI::App& command, ServeOptions& options) {
  add_store_options(command, options);
  add_listen_options(command, options);
  command.add_option("--log-level", options.log_level, "debug, info, warning or error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
}

Result<void> settle(ServeOptions& options) {
  auto listen = parse_listen_address(options.listen);
  if (!listen) return std::move(listen).error().within("--listen");
  options.server.address = std::move(listen->address);
  options.server.port = listen->port;
  options.server.drain = std::chrono::seconds(options.drain_seconds);
  return {};
}

}  // namespace initscan::server
