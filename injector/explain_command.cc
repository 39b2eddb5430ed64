#include "common/file_io.h"
#include "common/visible.h"
#include "injector/check/final_state.h"
#include "injector/check/lookup.h"
#include "injector/cluster/capabilities.h"
#include "injector/cluster_options.h"
#include "injector/commands.h"
#include "injector/explain/explanation.h"
#include "injector/explain/unified_diff.h"
#include "injector/manifest.h"
#include "injector/options.h"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

struct ExplainOptions : InjectorOptions {
  ClusterOptions cluster;
  Installation installation;
  std::string pod;
  std::string path;
  bool no_diff = false;
};

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

// A diff holds text of whoever made the pod: each line is made safe for a terminal by itself.
std::string printable_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += visible(text.substr(0, end)) + '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

void print_diff(const ExplainOptions& options, const std::string& before, const std::string& after, const char* what) {
  const std::string diff = options.no_diff ? std::string() : unified_diff(before, after);
  if (!diff.empty()) print(std::string("--- without initscan\n+++ ") + what + '\n' + printable_lines(diff));
}

Result<ExitCode> explain_file(const ExplainOptions& options) {
  const std::string place = options.path == "-" ? "standard input" : options.path;
  auto text = read_file(options.path, kMaxManifestBytes);
  if (!text) return std::move(text).error().within(place);
  const auto policy = policy_of(options);
  if (!policy) return policy.error();
  const InjectorConfig config = config_of(options, *policy);
  auto before = uninject_manifest(*text);
  if (!before) return std::move(before).error().within(place);
  auto after = inject_manifest(before->text, config);
  if (!after) return std::move(after).error().within(place);
  for (const InjectedObject& object : after->objects) {
    print(visible(object.name + ": " + object.reason + ": " + sentence_of(object.reason)) + '\n');
  }
  print_diff(options, before->text, after->text, "as the injector makes it, in a labelled namespace");
  return ExitCode::pass;
}

// Everything around one pod, asked for in turn.
asio::awaitable<Result<void>> look_around(KubeClient& client, const ExplainOptions& options, const std::string& space,
                                          Json& pod, PodSurroundings& around) {
  const std::string place = "/api/v1/namespaces/" + escape_segment(space);
  KubeRequest request;
  request.path = place + "/pods/" + escape_segment(options.pod);
  auto reply = co_await client.demand(std::move(request));
  if (!reply) co_return reply.error();
  pod = std::move(reply->object);
  around.space = co_await find_one(client, place);
  around.configuration =
      co_await find_one(client, "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/" +
                                    escape_segment(options.installation.configuration));
  const std::string mine = place + "/events?fieldSelector=involvedObject.name%3D" + escape_segment(options.pod);
  around.events = (co_await find_all(client, mine)).items;
  const Installation& names = options.installation;
  around.endpoints = co_await find_all(
      client, "/apis/discovery.k8s.io/v1/namespaces/" + escape_segment(names.namespace_) +
                  "/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D" + escape_segment(names.service));
  const Found policy = co_await find_one(
      client, "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/" + escape_segment(names.final_state));
  const Found parameters =
      co_await find_one(client, parameter_kind_of(policy.object).path(names.namespace_, names.final_state));
  const Found deployment = co_await find_one(client, "/apis/apps/v1/namespaces/" + escape_segment(names.namespace_) +
                                                         "/deployments/" + escape_segment(names.service));
  auto best = co_await best_mode(client);
  const FollowedCluster followed =
      co_await follow_once(client, parameters, deployed_arguments(deployment.object), best ? *best : Mode::copy);
  around.config = *followed.settings->for_namespace(space);
  co_return Result<void>{};
}

Result<ExitCode> explain_from_cluster(const ExplainOptions& options) {
  const auto config = find_kube_config(options.cluster.kubeconfig, options.cluster.context);
  if (!config) return config.error();
  const std::string space = options.cluster.space.empty() ? config->namespace_ : options.cluster.space;
  Json pod;
  PodSurroundings around;
  const auto done = run_blocking(
      [&]() -> asio::awaitable<Result<void>> {
        KubeClient client(*config);
        co_return co_await look_around(client, options, space, pod, around);
      },
      kLongestCommand);
  if (!done) return done.error();
  auto explanation = explain_pod(pod, around);
  if (!explanation) return std::move(explanation).error().within("Pod " + space + '/' + options.pod);
  print("Pod " + space + '/' + options.pod + (explanation->injected ? ": injected\n" : ": not injected\n"));
  for (const std::string& reason : explanation->reasons) print("  " + visible(reason) + '\n');
  print_diff(options, explanation->before, explanation->after,
             explanation->injected ? "as it is" : "as the injector would make it now");
  return ExitCode::pass;
}

Result<ExitCode> explain(const ExplainOptions& options) {
  if (options.pod.empty() == options.path.empty()) return Error{Errc::usage, "explain: want a POD, or -f FILE"};
  if (options.path.empty()) return explain_from_cluster(options);
  if (options.image.empty()) return Error{Errc::usage, "explain -f FILE: want --image, as the injector gets it"};
  return explain_file(options);
}

}  // namespace

void add_explain_command(CLI::App& app, Command& chosen) {
  auto* command =
      app.add_subcommand("explain", "Say why a pod was injected or was not, and what the scanner adds to it");
  const auto options = std::make_shared<ExplainOptions>();
  command->add_option("POD", options->pod, "A pod of the cluster");
  command
      ->add_option("-f,--filename", options->path,
                   "A manifest instead, as if in a labelled namespace; - is standard input")
      ->type_name("FILE");
  add_cluster_options(*command, options->cluster, "The pod's namespace; without: that of the context");
  command->add_option("--injector-namespace", options->installation.namespace_, "Where the injector is")
      ->capture_default_str();
  command->add_flag("--no-diff", options->no_diff, "Only why");
  add_injector_options(*command, *options);
  command->get_option("--image")->required(false);
  command->callback([&chosen, options] { chosen = [options] { return explain(*options); }; });
}

}  // namespace initscan
