#include "common/cli/log.h"
#include "server/commands/commands.h"
#include "server/commands/scrape_guard.h"
#include "server/commands/watch_options.h"
#include "server/metrics/scan_metrics.h"
#include "server/store/store.h"

#include <memory>

#include <CLI/CLI.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

namespace initscan::server {
namespace {

namespace asio = boost::asio;

constexpr const char* kMetrics = "/metrics";
constexpr const char* kPlain = "text/plain; charset=utf-8";
constexpr const char* kExposition = "text/plain; version=0.0.4; charset=utf-8";

HttpResponse text(unsigned status, const char* type, std::string body) {
  HttpResponse response;
  response.status = status;
  response.content_type = type;
  response.body = std::move(body);
  return response;
}

// What the answers are made of; it outlives the server.
struct Told {
  const ClusterWatch& watch;
  Store& store;
  const std::string cluster;
  const HttpServer* server = nullptr;  // set before the first request can come
};

// How the pods stand is told also while the store is away.
ScanFigures figures_of(const Told& told) {
  const ClusterWatch& watch = told.watch;
  ScanFigures figures;
  figures.certificate_ends_in = told.server->certificate_expiry() - std::chrono::system_clock::now();
  // Before all pods are known their numbers would be wrong, and alerts would resolve.
  figures.is_leader = watch.is_leader() && watch.is_synced();
  figures.watched = watch.resources();
  figures.scans_waiting = watch.scans_waiting();
  figures.events_lost = watch.events_lost();
  figures.store_is_readable = told.store.was_reached();
  if (!figures.is_leader) return figures;
  figures.namespaces = watch.figures();
  figures.advisory_date = watch.advisory_date();
  const auto read = told.store.read([&](Database& database) -> Result<bool> {
    auto totals = scan_totals(database, told.cluster);
    if (!totals) return totals.error();
    auto durations = scan_durations(database, told.cluster);
    if (!durations) return durations.error();
    figures.totals = std::move(*totals);
    figures.durations = *durations;
    return true;
  });
  figures.store_is_readable = read.has_value();
  return figures;
}

HttpResponse answer_metrics(const Told& told) {
  return text(200, kExposition, render_metrics(figures_of(told)));
}

HttpResponse answer(const HttpRequest& request, const Told& told) {
  if (request.method != "GET" && request.method != "HEAD") return text(405, kPlain, "want GET\n");
  if (request.path == "/healthz") return text(200, kPlain, "ok\n");
  if (request.path == "/readyz") {
    return told.watch.is_synced() ? text(200, kPlain, "ok\n") : text(503, kPlain, "pods are not known yet\n");
  }
  if (request.path == kMetrics) return answer_metrics(told);
  return text(404, kPlain, "there is nothing here; try /metrics\n");
}

asio::awaitable<HttpResponse> answer_who_may(HttpExchange& exchange, ScrapeGuard& guard,
                                             const HttpServer::Handler& answer) {
  auto refusal = co_await guard.refusal_of(exchange.request());
  if (refusal) co_return std::move(*refusal);
  co_return answer(exchange.request());
}

Result<ExitCode> watch_cluster(WatchOptions& options) {
  start_log("initscan-server", options.log_level);
  if (auto settled = settle(options); !settled) return settled.error();
  const auto store = open_store(options.store);
  if (!store) return store.error();

  options.server.on_reload = log_reload;
  const auto watch = ClusterWatch::start(options.watch, **store);
  if (!watch) return watch.error();
  Told told{**watch, **store, options.watch.cluster};
  const HttpServer::Handler handler = [&](const HttpRequest& request) { return answer(request, told); };
  ScrapeGuard guard(options.watch.kube);
  const WaitingHandler guarded = [&](HttpExchange& exchange) { return answer_who_may(exchange, guard, handler); };
  auto server = HttpServer::open(options.server, handler, [&](const HttpRequest& head) {
    return head.path == kMetrics && !options.open_metrics ? &guarded : nullptr;
  });
  if (!server) return server.error();
  told.server = server->get();
  spdlog::info("listening address={} port={} cluster={}", options.server.address, (*server)->port(),
               options.watch.kube.host);
  (*server)->run();
  spdlog::info("stopped");
  return ExitCode::pass;
}

}  // namespace

void add_watch_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("watch", "Follow pods through the API server, and tell Prometheus of their scans");
  const auto options = std::make_shared<WatchOptions>();
  add_watch_options(*command, *options);
  add_example(*command,
              "initscan-server watch --store /var/lib/initscan/store.db --tls-cert tls.crt --tls-key tls.key");
  command->callback([&chosen, options] { chosen = [options] { return watch_cluster(*options); }; });
}

}  // namespace initscan::server
