#include "server/commands/serve_options.h"

#include "server/api/body.h"

#include <cstdint>

#include <CLI/CLI.hpp>

namespace initscan::server {
namespace {

constexpr std::int64_t kUsualShares = 4;  // of the store, where the words say nothing
constexpr std::int64_t kFourths = 3;      // of it are for reports: the rest for audits, and for what they take more
constexpr std::size_t kSmallBodies = 8 << 20;   // as four clients may have under way
constexpr std::size_t kUsualConnections = 200;  // of one address
constexpr std::size_t kOwnConnections = 2;      // to the store, beside those of the threads that answer

// "nan" is in every range that asks what is below or above.
std::string is_number(const std::string& word) {
  const bool begins_as_one = !word.empty() && (word[0] == '.' || (word[0] >= '0' && word[0] <= '9'));
  return begins_as_one ? std::string() : "want a number, got " + word;
}

void add_keeping_options(CLI::App& command, ServeOptions& options) {
  command.add_option("--cluster", options.cluster, "What to call the cluster: a part of every key")
      ->capture_default_str();
  add_store_options(command, options.store);
  command
      .add_option_function<std::int64_t>(
          "--store-max-mib", [&options](std::int64_t mib) { options.store.max_bytes = mib << 20; },
          "How large the store may become, of which all reports may take three fourths; what does not fit is refused "
          "(default: 1024; PostgreSQL's disk is its own, and not limited without)")
      ->check(CLI::Range(1, 1 << 20))
      ->type_name("N");
  command
      .add_option_function<std::int64_t>(
          "--store-share-mib", [&options](std::int64_t mib) { options.share = mib << 20; },
          "How much of it the reports from one namespace may take, or of one client outside of a cluster (default: a "
          "quarter of --store-max-mib; 256 of PostgreSQL)")
      ->check(CLI::Range(1, 1 << 20))
      ->type_name("N");
  command
      .add_option_function<int>(
          "--keep-days",
          [&options](int days) { options.retention.longest = options.audits.longest = std::chrono::hours(24) * days; },
          "How long a report or an audit is kept (default: 30)")
      ->check(CLI::Range(1, 3650))
      ->type_name("N");
  command
      .add_option_function<int>(
          "--keep-deleted-days",
          [&options](int days) { options.retention.after_namespace = std::chrono::hours(24) * days; },
          "How long the reports from a namespace are kept after it was deleted (default: 7)")
      ->check(CLI::Range(0, 3650))
      ->type_name("N");
  command
      .add_option("--keep-reports", options.retention.reports_of_one_image,
                  "How many reports of one image are kept from each namespace, or of each client outside of a cluster")
      ->check(CLI::Range(1, 100'000))
      ->type_name("N")
      ->capture_default_str();
}

void add_audit_options(CLI::App& command, ServeOptions& options) {
  command.add_option("--keep-audits", options.audits.of_one_cluster, "How many audits of a cluster are kept")
      ->check(CLI::Range(1, 10'000))
      ->type_name("N")
      ->capture_default_str();
}

void add_index_options(CLI::App& command, ServeOptions& options) {
  command
      .add_option("--index", options.index_path,
                  "The advisory index, made by `initscan db build`; taken up again whenever it is replaced")
      ->type_name("FILE")
      ->required();
  command
      .add_option_function<int>(
          "--max-age-hours", [&options](int hours) { options.max_age = std::chrono::hours(hours); },
          "How old the index's newest advisory may be while /readyz says yes; without: any age")
      ->check(CLI::Range(1, 24 * 3650))
      ->type_name("N");
  command
      .add_option_function<int>(
          "--poll-seconds", [&options](int seconds) { options.poll = std::chrono::seconds(seconds); },
          "How often the index and the tokens are looked at for a new file")
      ->check(CLI::Range(1, 3600))
      ->default_str("5");
  command
      .add_option("--policy", options.policy_path,
                  "The policy by which SBOMs are judged here; without one, critical findings fail")
      ->type_name("FILE");
}

void add_client_options(CLI::App& command, ServeOptions& options) {
  options.server.limits.connections_of_address = kUsualConnections;
  command
      .add_option(
          "--token-file", options.token_file,
          "Who may ask, outside of Kubernetes: lines of NAME SCOPES SHA256, of the token; or of NAME SCOPES and the "
          "CN:, DNS: or URI: of a client's certificate")
      ->type_name("FILE");
  command
      .add_option(
          "--client-ca", options.server.client_ca_file,
          "Ask clients for a certificate that one of these authorities has signed, PEM; the token file says who "
          "they are")
      ->type_name("FILE");
  command.add_flag("--token-review", options.reviews_tokens,
                   "Take tokens of service accounts for the audience initscan, which the API server of the pod's own "
                   "service account reviews");
  command.add_option("--kubeconfig", options.kubeconfig, "The same, by a kubeconfig")->type_name("FILE");
  command.add_option("--context", options.context, "A context of the kubeconfig, instead of its current one");
  command
      .add_option("--client-requests", options.client_limit.per_second, "Requests a second of one client, on average")
      ->check(is_number)
      ->check(CLI::Range(1.0, 1e6))
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--client-connections", options.server.limits.connections_of_address,
                  "Connections of one address at once, of 300 in all")
      ->check(CLI::Range(1, 300))
      ->type_name("N")
      ->capture_default_str();
}

void settle_room(ServeOptions& options) {
  const std::int64_t most = options.store.max_bytes.value_or(options.store.sqlite.max_bytes);
  if (options.store.max_bytes || !is_postgresql(options.store)) options.store_max_bytes = most;
  options.room.share = options.share.value_or(most / kUsualShares);
  if (options.store_max_bytes) options.room.whole = most / 4 * kFourths;
}

}  // namespace

void add_serve_options(CLI::App& command, ServeOptions& options) {
  add_keeping_options(command, options);
  add_audit_options(command, options);
  add_index_options(command, options);
  add_client_options(command, options);
  add_listen_options(command, options, "listen", true);
  command.add_option("--workers", options.server.blocking_threads, "Threads that match SBOMs and ask the store")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  add_load_options(command, options);
  add_log_option(command, options);
}

Result<void> settle(ServeOptions& options) {
  if (auto settled = settle_serving(options); !settled) return settled;
  options.server.limits.body_bytes = kMaxDocumentBytes;
  options.server.limits.all_bodies_bytes = 2 * kMaxDocumentBytes;
  options.server.limits.all_small_bodies_bytes = kSmallBodies;
  options.server.limits.all_answers_bytes = kMaxDocumentBytes;
  options.store.connections = options.server.blocking_threads + kOwnConnections;
  settle_room(options);
  options.client_limit.burst = 2 * options.client_limit.per_second;
  options.reviews_tokens = options.reviews_tokens || !options.kubeconfig.empty();
  if (options.token_file.empty() && !options.reviews_tokens) {
    return Error{Errc::usage, "want --token-file or --token-review: without, nobody may ask anything"};
  }
  if (!options.server.client_ca_file.empty() && options.token_file.empty()) {
    return Error{Errc::usage, "--client-ca: want --token-file, too: it says who a certificate is, and what it may"};
  }
  if (!options.reviews_tokens) return {};
  auto kube = options.kubeconfig.empty() ? in_cluster_config() : find_kube_config(options.kubeconfig, options.context);
  if (!kube) return kube.error();
  options.kube = std::move(*kube);
  return {};
}

}  // namespace initscan::server
