#include "common/cli/log.h"
#include "common/http/refusal_log.h"
#include "injector/admission/routes.h"
#include "injector/cluster/settings_from_folder.h"
#include "injector/commands/commands.h"
#include "injector/commands/serve_options.h"

#include <memory>

#include <CLI/CLI.hpp>
#include <malloc.h>
#include <spdlog/spdlog.h>

namespace initscan::injector {
namespace {

// A large body is returned to the system when it is freed. By default malloc takes the first one that is freed for a
// sign that more follow, keeps them on its heap from then on, and what a flood filled stays.
void return_large_blocks() {
  mallopt(M_MMAP_THRESHOLD, 128 << 10);
}

void use(HttpServer& server, const KeyPair& leaf) {
  auto certificate = read_certificate(leaf.certificate, leaf.key);
  if (certificate) server.use(std::move(*certificate));
  log_reload(certificate ? Result<void>{} : Result<void>{certificate.error()});
}

ClusterFigures figures_of(Control& control, const ClusterSettings& settings) {
  ClusterFigures figures;
  for (const WatchAge& watch : control.ages()) figures.watches.push_back({watch.resource, watch.age});
  figures.namespaces = settings.namespaces();
  figures.complaints = settings.complaints().size();
  figures.lost_events = control.hints().dropped();
  figures.leader = control.is_leader();
  return figures;
}

Result<ExitCode> serve(ServeOptions& options) {
  return_large_blocks();
  start_log("initscan-injector", options.log_level);
  if (auto settled = settle(options); !settled) return settled.error();
  const auto policy = policy_of(options);
  if (!policy) return policy.error();
  InjectorConfig config = config_of(options, *policy);
  config.accepted_images = options.accepted_images;
  // In a cluster the file comes later than the pod, and is followed.
  if (!options.in_cluster) {
    auto servers = gate_arguments(options.servers);
    if (!servers) return servers.error();
    config.servers = std::move(*servers);
  }

  ClusterSettings settings(config, *policy, mode_wish_from(options.mode).value_or(ModeWish::copy), Mode::copy);
  if (!options.policy_folder.empty()) {
    if (auto read = read_policy_folder(options.policy_folder, settings); !read) return read.error();
  }

  InjectorMetrics metrics;
  RefusalLog refusals([](const std::string& line) { spdlog::warn("{}", line); });
  options.server.on_reload = log_reload;
  options.server.on_refusal = [&](const Refusal& refusal) {
    metrics.count(refusal.reason);
    refusals.take(refusal, RefusalLog::Clock::now());
  };
  std::unique_ptr<Control> control;
  HttpServer* self = nullptr;  // as control: set before the first request can come
  Routes routes{[&](std::string_view namespace_name) { return settings.for_namespace(namespace_name); },
                metrics,
                [&] {
                  return ServerState{self->draining(), !control || control->is_ready(), self->certificate_expiry()};
                },
                {},
                nullptr};
  auto server = HttpServer::open(options.server, [&](const HttpRequest& request) { return routes.answer(request); });
  if (!server) return server.error();
  self = server->get();
  if (options.in_cluster) {
    options.control.image = config.image;
    options.control.servers = options.servers;
    control = std::make_unique<Control>(options.control, settings, [&](const KeyPair& leaf) { use(*self, leaf); });
    routes.hints = &control->hints();
    routes.cluster = [&] { return figures_of(*control, settings); };
  }
  spdlog::info("listening address={} port={} mode={} policy={} cluster={}", options.server.address, (*server)->port(),
               options.mode, config.policy_name, options.in_cluster ? options.control.kube.host : "none");
  (*server)->run();
  control.reset();
  spdlog::info("stopped");
  return ExitCode::pass;
}

}  // namespace

void add_serve_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("serve", "Answer the API server's AdmissionReviews at /mutate, over TLS");
  const auto options = std::make_shared<ServeOptions>();
  add_serve_options(*command, *options);
  add_example(*command, "initscan-injector serve --image registry.example.com/initscan@sha256:... --cluster");
  command->callback([&chosen, options] { chosen = [options] { return serve(*options); }; });
}

}  // namespace initscan::injector
