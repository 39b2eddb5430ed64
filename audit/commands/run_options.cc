#include "audit/commands/run_options.h"

#include "audit/collect/file_source.h"
#include "audit/collect/kube_source.h"
#include "audit/compare/compare.h"
#include "audit/images/sbom_folder.h"
#include "audit/images/server_sboms.h"
#include "audit/policy/policy_file.h"
#include "common/file_io.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <CLI/CLI.hpp>

namespace initscan::audit {
namespace {

KubeSourceOptions cluster_options(const RunOptions& options) {
  KubeSourceOptions made;
  made.longest = std::chrono::seconds(options.timeout_seconds);
  if (options.write_layers) {
    made.kubelets.emplace();
    made.kubelets->at_once = options.kubelet_at_once;
    made.kubelets->trusts_any_certificate = options.kubelet_insecure_tls;
  }
  return made;
}

Result<void> open_clusters(const RunOptions& options, RunInputs& inputs) {
  std::vector<std::string> contexts = options.contexts;
  if (contexts.empty()) contexts.emplace_back();
  std::set<std::string> seen;
  for (const std::string& context : contexts) {
    if (!seen.insert(context).second) return Error{Errc::usage, "--context: " + context + " is given twice"};
    auto config = find_kube_config(options.kubeconfig, context);
    if (!config) return config.error();
    if (config->context != context && !context.empty()) {
      return Error{Errc::usage, "--context: " + context +
                                    ": there is no kubeconfig, and the cluster that this runs in has no contexts"};
    }
    inputs.clusters.push_back(*config);
    inputs.sources.push_back(std::make_unique<KubeSource>(std::move(*config), cluster_options(options)));
  }
  return {};
}

Result<void> open_sources(const RunOptions& options, RunInputs& inputs) {
  if (options.files.empty()) return open_clusters(options, inputs);
  auto files = FileSource::open(options.files);
  if (!files) return files.error();
  inputs.sources.push_back(std::move(*files));
  return {};
}

Result<void> open_policy(const RunOptions& options, RunInputs& inputs) {
  if (options.policy.empty()) return {};
  auto text = read_file(options.policy, kMaxAuditPolicyBytes);
  if (!text) return std::move(text).error().within(options.policy);
  auto policy = parse_audit_policy(*text);
  if (!policy) return std::move(policy).error().within(options.policy);
  inputs.policy = std::move(*policy);
  return {};
}

Result<void> open_server(const RunOptions& options, const std::string& url, std::unique_ptr<ServerClient>& server) {
  if (url.empty()) return {};
  auto opened = ServerClient::open({url, options.server_token, options.server_ca});
  if (!opened) return opened.error();
  server = std::move(*opened);
  return {};
}

Result<void> open_servers(const RunOptions& options, RunInputs& inputs) {
  auto opened = open_server(options, options.server, inputs.server);
  if (!opened) return std::move(opened).error().within("--server");
  opened = open_server(options, options.report_to, inputs.report_to);
  return opened ? opened : Result<void>(std::move(opened).error().within("--report-to"));
}

Result<void> open_images(const RunOptions& options, RunInputs& inputs) {
  const bool has_sboms = !options.sboms.empty() || !options.server.empty();
  if (options.index.empty() == has_sboms) {
    return Error{Errc::usage, has_sboms ? "--sboms and --server need an index of advisories: --db FILE"
                                        : "--db needs SBOMs to match with it: --sboms DIR or --server URL"};
  }
  if (has_sboms) {
    auto index = AdvisoryIndex::open(options.index);
    if (!index) return index.error();
    auto sboms = inputs.server ? Result<std::unique_ptr<SbomSource>>(std::make_unique<ServerSboms>(*inputs.server))
                               : SbomFolder::open(options.sboms);
    if (!sboms) return sboms.error();
    inputs.images.emplace(std::move(*index), std::move(*sboms));
  }
  if (!options.observed_writes.empty()) {
    auto observed = ObservedWrites::read(options.observed_writes);
    if (!observed) return observed.error();
    inputs.observed.emplace(std::move(*observed));
  }
  return {};
}

Result<void> open_config_map(const RunOptions& options, RunInputs& inputs) {
  const std::string& name = options.history_config_map;
  const std::size_t slash = name.find('/');
  if (slash == 0 || slash == name.npos || slash + 1 == name.size()) {
    return Error{Errc::usage, "--history-configmap: want NAMESPACE/NAME, got \"" + name + '"'};
  }
  // Of several clusters it is the first that keeps the history of all.
  auto config = find_kube_config(options.kubeconfig, options.contexts.empty() ? "" : options.contexts.front());
  if (!config) return config.error();
  inputs.history = config_map_history(std::move(*config), name.substr(0, slash), name.substr(slash + 1));
  return {};
}

Result<void> open_past(const RunOptions& options, RunInputs& inputs) {
  if (!options.compare.empty()) {
    auto opened = FileReader::open(options.compare);
    if (!opened) return std::move(opened).error().within(options.compare);
    inputs.earlier = [file = std::make_shared<FileReader>(std::move(*opened)),
                      name = options.compare](const TakeBytes& take) -> Result<void> {
      for (;;) {
        const auto bytes = file->next();
        if (!bytes) return Error{bytes.error()}.within(name);
        if (bytes->empty()) return {};
        if (auto taken = take(*bytes); !taken) return taken;
      }
    };
  }
  if (!options.history.empty()) {
    auto history = open_sqlite_history(options.history);
    if (!history) return history.error();
    inputs.history = std::move(*history);
  }
  return options.history_config_map.empty() ? Result<void>{} : open_config_map(options, inputs);
}

Result<void> open_report_dir(const RunOptions& options) {
  std::error_code ec;
  std::filesystem::create_directories(options.report_dir, ec);
  if (ec) return Error{Errc::io, options.report_dir + ": cannot make this folder: " + ec.message()};
  return {};
}

// Returns --from-file, which many others cannot go with.
CLI::Option* add_cluster_options(CLI::App& command, RunOptions& options) {
  const std::string clusters =
      "What to audit (default: the kubeconfig's current context, or the cluster that this runs in)";
  auto* files =
      command
          .add_option("--from-file", options.files,
                      "kubectl get pods -A -o json, YAML, a folder of both, or - for standard input; repeatable")
          ->type_name("FILE|DIR|-")
          ->allow_extra_args(false)
          ->group(clusters);
  command.add_option("--kubeconfig", options.kubeconfig, "The kubeconfig that holds the contexts")
      ->type_name("FILE")
      ->excludes(files)
      ->group(clusters);
  command.add_option("--context", options.contexts, "A cluster by its context in the kubeconfig; repeatable")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->excludes(files)
      ->group(clusters);
  command.add_option("--timeout", options.timeout_seconds, "How long the facts, and the pods, of a cluster may take")
      ->type_name("SECONDS")
      ->check(CLI::Range(1u, 86'400u))
      ->capture_default_str()
      ->group(clusters);
  auto* layers = command
                     .add_flag("--write-layers", options.write_layers,
                               "Ask each node's kubelet how much its containers have written; needs get on nodes/stats")
                     ->excludes(files)
                     ->group(clusters);
  command
      .add_flag("--kubelet-insecure-tls", options.kubelet_insecure_tls,
                "Accept any certificate of a kubelet, which kubelets that sign their own need; whoever answers at a "
                "node's address gets this program's token")
      ->needs(layers)
      ->group(clusters);
  command.add_option("--kubelets-at-once", options.kubelet_at_once, "How many kubelets are asked at the same time")
      ->type_name("N")
      ->check(CLI::Range(1u, 256u))
      ->capture_default_str()
      ->needs(layers)
      ->group(clusters);
  return files;
}

void add_knowledge_options(CLI::App& command, RunOptions& options) {
  const std::string knowledge = "What to judge by";
  command.add_option("--policy", options.policy, "The audit's policy: ages, exceptions, what to leave out")
      ->type_name("FILE")
      ->group(knowledge);
  command.add_option("--db", options.index, "The advisory index, made by `initscan db build`")
      ->type_name("FILE")
      ->group(knowledge);
  auto* sboms = command.add_option("--sboms", options.sboms, "SBOMs by image digest: sha256-HEX.json")
                    ->type_name("DIR")
                    ->group(knowledge);
  command
      .add_option("--server", options.server,
                  "Take the SBOMs that were reported to an initscan-server instead: https://HOST:PORT")
      ->type_name("URL")
      ->excludes(sboms)
      ->group(knowledge);
  command
      .add_option("--observed-writes", options.observed_writes,
                  "What containers were observed to write (`podman diff`), by images/IMAGE or "
                  "workloads/NAMESPACE/KIND/NAME/CONTAINER")
      ->type_name("DIR")
      ->group(knowledge);
}

void add_past_options(CLI::App& command, RunOptions& options, CLI::Option* files) {
  const std::string past = "The previous audit";
  auto* compare =
      command.add_option("--compare", options.compare, "An earlier audit.json: what is new, what was fixed")
          ->type_name("FILE")
          ->group(past);
  auto* history = command.add_option("--history", options.history, "A SQLite file that keeps a record of each audit")
                      ->type_name("FILE")
                      ->excludes(compare)
                      ->group(past);
  command.add_option("--history-configmap", options.history_config_map, "The same in a ConfigMap of the first cluster")
      ->type_name("NAMESPACE/NAME")
      ->excludes(compare)
      ->excludes(history)
      ->excludes(files)
      ->group(past);
}

void add_report_options(CLI::App& command, RunOptions& options, CLI::Option* files) {
  const std::string reports = "Reports";
  command.add_option("--report-dir", options.report_dir, "The folder for audit.FORMAT; created if it does not exist")
      ->required()
      ->type_name("DIR")
      ->group(reports);
  command
      .add_option("--format", options.formats, "Any of html, md, json, csv, sarif, junit, prom; separated by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"html", "md", "json", "csv", "sarif", "junit", "prom"}))
      ->type_name("FORMAT,...")
      ->capture_default_str()
      ->group(reports);
  command.add_option("--pushgateway", options.pushgateway, "Push the metrics to a Prometheus Pushgateway")
      ->type_name("URL")
      ->group(reports);
  command
      .add_option("--report-to", options.report_to,
                  "Send the report to an initscan-server, which keeps it: https://HOST:PORT")
      ->type_name("URL")
      ->group(reports);
  command
      .add_option(
          "--report-objects", options.report_objects,
          "Maintain a report object for each owner in every cluster, and remove those of owners that are gone or clean")
      ->type_name("INTERFACE")
      ->check(CLI::IsMember({"openreports", "policyreports"}))
      ->excludes(files)
      ->group(reports);
  command
      .add_option("--fail-on", options.fail_on, "Exit with 2 if a failure of this severity or worse is not accepted")
      ->type_name("SEVERITY")
      ->check(CLI::IsMember({"low", "medium", "high", "critical"}))
      ->group(reports);
}

void add_rotation_options(CLI::App& command, RunOptions& options, CLI::Option* files) {
  const std::string rotation = "Rotation (needs rights that the audit does not have: docs/users/audit-score.md)";
  auto* apply =
      command
          .add_flag("--apply-rotation", options.apply_rotation,
                    "Restart the first wave of the plan, as kubectl rollout restart does; a dry run unless confirmed")
          ->excludes(files)
          ->group(rotation);
  command.add_flag("--confirm-rotation", options.confirm_rotation, "Let --apply-rotation really restart workloads")
      ->needs(apply)
      ->group(rotation);
  command.add_option("--max-restarts", options.max_restarts, "How many workloads one run may restart in a cluster")
      ->type_name("N")
      ->check(CLI::Range(1u, 1000u))
      ->capture_default_str()
      ->needs(apply)
      ->group(rotation);
}

void add_server_options(CLI::App& command, RunOptions& options) {
  const std::string servers = "How an initscan-server is asked (--server, --report-to)";
  command
      .add_option("--server-token", options.server_token,
                  "The token, read again each time: of its token file, or a projected one for the audience initscan")
      ->type_name("FILE")
      ->group(servers);
  command
      .add_option("--server-ca", options.server_ca,
                  "Who vouches for its certificate, PEM (default: the system's roots); it is always verified")
      ->type_name("FILE")
      ->group(servers);
}

}  // namespace

void add_run_options(CLI::App& command, RunOptions& options) {
  CLI::Option* files = add_cluster_options(command, options);
  add_knowledge_options(command, options);
  add_past_options(command, options, files);
  add_report_options(command, options, files);
  add_server_options(command, options);
  add_rotation_options(command, options, files);
}

Result<RunInputs> open_inputs(const RunOptions& options) {
  RunInputs inputs;
  if (!options.fail_on.empty()) inputs.fail_on = severity_from(options.fail_on);
  auto opened = open_policy(options, inputs);
  if (opened) opened = open_servers(options, inputs);
  if (opened) opened = open_images(options, inputs);
  if (opened) opened = open_report_dir(options);  // before the past, which may be kept in it
  if (opened) opened = open_past(options, inputs);
  if (opened) opened = open_sources(options, inputs);  // last: it may read all of standard input
  if (!opened) return opened.error();
  return inputs;
}

}  // namespace initscan::audit
