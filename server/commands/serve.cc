#include "common/cli/log.h"
#include "common/crypto/sha256.h"
#include "common/file_io.h"
#include "common/http/refusal_log.h"
#include "common/kube/change_log.h"
#include "common/names.h"
#include "common/text/visible.h"
#include "initscan/policy/policy_file.h"
#include "server/api/api.h"
#include "server/api/problem.h"
#include "server/commands/commands.h"
#include "server/commands/serve_options.h"
#include "server/commands/upkeep.h"

#include <memory>
#include <mutex>

#include <CLI/CLI.hpp>
#include <malloc.h>
#include <spdlog/spdlog.h>

namespace initscan::server {
namespace {

constexpr std::chrono::minutes kBetweenRemovals{1};
constexpr std::chrono::seconds kBetweenTries{1};  // to reach a store that was not there at the start
constexpr std::chrono::minutes kBetweenNamespaces{10};

// What an answer took is kept for the next one, as far as there are a few at a time; what a large document took goes
// back to the system (LargeDocuments), and its many small parts lie close together.
void keep_memory_small() {
  mallopt(M_MMAP_THRESHOLD, 2 << 20);
  mallopt(M_TRIM_THRESHOLD, 8 << 20);
  mallopt(M_ARENA_MAX, 2);
}

Result<ServerPolicy> policy_of(const std::string& path) {
  Policy policy;
  if (!path.empty()) {
    auto text = read_file(path, kMaxPolicyBytes);
    if (!text) return std::move(text).error().within(path);
    auto parsed = parse_policy(*text);
    if (!parsed) return std::move(parsed).error().within(path);
    policy = std::move(*parsed);
  }
  std::string hash = sha256_hex(canonical_json(policy));
  return ServerPolicy{std::move(policy), std::move(hash)};
}

Result<std::shared_ptr<ApiParts>> make_parts(const ServeOptions& options) {
  auto policy = policy_of(options.policy_path);
  if (!policy) return policy.error();
  auto store = open_store(options.store);
  if (!store) return store.error();
  std::unique_ptr<TokenReviewer> reviewer;
  if (options.kube) reviewer = std::make_unique<TokenReviewer>(*options.kube, names::kAudience);
  const auto parts = std::make_shared<ApiParts>();
  parts->cluster = options.cluster;
  parts->room = options.room;
  parts->store_max_bytes = options.store_max_bytes;
  parts->store = std::move(*store);
  parts->index = std::make_shared<SharedIndex>(options.index_path);
  parts->authenticator = std::make_shared<Authenticator>(std::move(reviewer));
  parts->limits = std::make_shared<ClientLimits>(options.client_limit);
  parts->metrics = std::make_shared<ServerMetrics>();
  parts->policy = std::move(*policy);
  parts->max_age = options.max_age;
  return parts;
}

// Serves until it is told to stop.
Result<void> run(ServeOptions& options, const std::shared_ptr<ApiParts>& parts, TokenFile& tokens) {
  options.server.on_reload = log_reload;
  options.server.refusal = [](unsigned status, const std::string& words) { return problem(status, words); };
  RefusalLog refusals([](const std::string& line) { spdlog::warn("{}", line); });
  options.server.on_refusal = [&](const Refusal& refusal) {
    parts->metrics->count(refusal.reason);
    refusals.take(refusal, RefusalLog::Clock::now());
  };
  parts->on_refusal = [&](unsigned status, const std::string& address, const std::string& client) {
    refusals.take("status-" + std::to_string(status), address, client, RefusalLog::Clock::now());
  };
  std::mutex pods_mutex;
  ChangeLog pods;  // under pods_mutex
  parts->on_pod = [&](const Result<void>& looked) {
    const std::lock_guard lock(pods_mutex);
    pods.tell("pods of reports", looked);
  };
  HttpServer* self = nullptr;  // set before the first request can come
  parts->state = [&self] { return Readiness{self->draining(), {}}; };
  parts->certificate_expiry = [&self] { return self->certificate_expiry(); };
  const Api api(parts);
  auto server = HttpServer::open(
      options.server, [&](const HttpRequest& request) { return api.answer(request); },
      [&](const HttpRequest& head) { return api.handler(head); });
  if (!server) return server.error();
  self = server->get();
  const Periodic files(options.poll, [&] {
    look_after(*parts->index);
    if (!options.token_file.empty()) tokens.look_after(*parts->authenticator);
  });
  const Periodic tries(kBetweenTries, [&] {
    if (!parts->store->was_reached()) (void)parts->store->reach();  // it has told the log
  });
  SettledClock clock;
  const Periodic removals(
      kBetweenRemovals, [&] { look_after(*parts->store, options.retention, options.audits, clock, *parts->metrics); });
  std::optional<Periodic> namespaces;
  if (options.kube) {
    namespaces.emplace(kBetweenNamespaces,
                       [&] { look_after_namespaces(*parts->store, options.cluster, *options.kube); });
  }
  spdlog::info("listening address={} port={} cluster={}", options.server.address, (*server)->port(),
               visible(options.cluster));
  (*server)->run();
  return {};
}

Result<ExitCode> serve(ServeOptions& options) {
  keep_memory_small();
  start_log("initscan-server", options.log_level);
  if (auto settled = settle(options); !settled) return settled.error();
  const auto parts = make_parts(options);
  if (!parts) return parts.error();
  TokenFile tokens(options.token_file);
  if (!options.token_file.empty()) {
    if (auto read = tokens.read(*(*parts)->authenticator); !read) return read.error();
  }
  look_after(*(*parts)->index);
  if (auto ran = run(options, *parts, tokens); !ran) return ran.error();
  spdlog::info("stopped");
  return ExitCode::pass;
}

}  // namespace

void add_serve_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("serve", "Take reports, match SBOMs, and answer questions, over TLS");
  const auto options = std::make_shared<ServeOptions>();
  add_serve_options(*command, *options);
  add_example(*command,
              "initscan-server serve --store store.db --index advisories.db --token-file tokens --tls-cert tls.crt "
              "--tls-key tls.key");
  command->callback([&chosen, options] { chosen = [options] { return serve(*options); }; });
}

}  // namespace initscan::server
