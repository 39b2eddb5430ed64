#include "common/file_io.h"
#include "common/json/parts.h"
#include "common/text/visible.h"
#include "injector/cluster/capabilities.h"
#include "injector/commands/cluster_options.h"
#include "injector/commands/commands.h"
#include "injector/commands/injector_options.h"
#include "injector/doctor/final_state.h"
#include "injector/doctor/forbidden.h"
#include "injector/doctor/lookup.h"
#include "injector/explain/explanation.h"
#include "injector/explain/unified_diff.h"
#include "injector/explain/workload.h"
#include "injector/inject/manifest.h"

#include <cstdio>
#include <map>
#include <memory>
#include <set>

#include <CLI/CLI.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr std::size_t kMaxExplainedPods = 200;

struct ExplainOptions : InjectorOptions {
  ClusterOptions cluster;
  Installation installation;
  std::string subject;
  std::string path;
  bool no_diff = false;
};

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

// A diff contains text from whoever created the pod: each line is made safe for a terminal by itself.
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
  auto before = whole(uninject_manifest(*text, Unchanged::written_anew));
  if (!before) return std::move(before).error().within(place);
  auto after = whole(inject_manifest(before->text, config));
  if (!after) return std::move(after).error().within(place);
  for (const InjectedObject& object : after->objects) {
    print(visible(object.name + ": " + std::string(to_string(object.reason)) + ": " + sentence_of(object.reason)) +
          '\n');
  }
  print_diff(options, before->text, after->text, "as the injector makes it, in a labelled namespace");
  return ExitCode::pass;
}

// What of a cluster is the same for all pods of a namespace.
asio::awaitable<PodSurroundings> look_around(KubeClient& client, const ExplainOptions& options,
                                             const std::string& namespace_name) {
  PodSurroundings around;
  around.namespace_object = co_await find_one(client, "/api/v1/namespaces/" + escape_segment(namespace_name));
  around.configuration =
      co_await find_one(client, "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/" +
                                    escape_segment(options.installation.configuration));
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
  around.config = *followed.settings->for_namespace(namespace_name);
  for (const Failure& failure :
       {parameters.failure, deployment.failure, followed.namespaces.failure, followed.failure}) {
    if (!failure.empty() && around.unread.empty()) around.unread = in_few_words(failure) + "; ask someone who may";
  }
  if (around.unread.empty() && !parameters.exists()) {
    around.unread = "nothing in " + names.namespace_ + " says which image pods get: run initscan-injector check";
  }
  co_return around;
}

// The pods of a workload, and the objects that make them: itself, its ReplicaSets or its Jobs.
struct Workload {
  Json object;
  std::vector<Json> makers;
  std::vector<Json> pods;
  std::vector<Json> events;
  Failure failure;
};

std::string uid_of(const Json& object) {
  return text_in(object_in(object, "metadata"), "uid");
}

asio::awaitable<Result<Workload>> find_workload(KubeClient& client, const WorkloadName& subject,
                                                const std::string& namespace_name) {
  Workload workload;
  KubeRequest request;
  request.path = collection_of(*subject.kind, namespace_name) + '/' + escape_segment(subject.name);
  auto reply = co_await client.demand(std::move(request));
  if (!reply) co_return reply.error();
  workload.object = std::move(reply->object);
  if (subject.kind->kind == "Pod") {
    workload.pods.push_back(workload.object);
    co_return workload;
  }
  workload.makers.push_back(workload.object);
  std::set<std::string> owners{uid_of(workload.object)};
  if (!subject.kind->between.empty()) {
    const auto between =
        co_await find_all(client, collection_of(*workload_kind(subject.kind->between), namespace_name));
    workload.failure = between.failure;
    for (Json& maker : controlled_by(owners, between.items)) workload.makers.push_back(std::move(maker));
    owners.clear();
    for (const Json& maker : workload.makers) owners.insert(uid_of(maker));
  }
  const auto pods = co_await find_all(client, collection_of(*workload_kind("pod"), namespace_name));
  if (!pods.failure.empty()) workload.failure = pods.failure;
  workload.pods = controlled_by(owners, pods.items);
  workload.events = (co_await find_all(client, "/api/v1/namespaces/" + escape_segment(namespace_name) +
                                                   "/events?fieldSelector=reason%3DFailedCreate"))
                        .items;
  co_return workload;
}

struct Explained {
  std::string name;
  Explanation explanation;
};

Result<Explained> explained(const Json& pod, const PodSurroundings& around) {
  const std::string name = text_in(object_in(pod, "metadata"), "name");
  auto explanation = explain_pod(pod, around);
  if (!explanation) return std::move(explanation).error().within("Pod " + name);
  return Explained{name, std::move(*explanation)};
}

void print_pod(const std::string& namespace_name, const Explained& pod, const std::string& indent) {
  const char* const state = pod.explanation.is_blocked ? ": blocked"
                            : pod.explanation.injected ? ": injected"
                                                       : ": not injected";
  print(indent + visible("Pod " + namespace_name + '/' + pod.name) + state + '\n');
  for (const std::string& reason : pod.explanation.reasons) print(indent + "  " + visible(reason) + '\n');
}

// Its reasons, in which its own name does not make it another than its like.
std::vector<std::string> without_name(const Explained& pod) {
  std::vector<std::string> reasons = pod.explanation.reasons;
  for (std::string& reason : reasons) {
    for (std::size_t at = reason.find(pod.name); at != reason.npos; at = reason.find(pod.name, at + 1)) {
      reason.replace(at, pod.name.size(), "*");
    }
  }
  return reasons;
}

// Of many pods with the same reasons, one represents them all.
void print_workload(const WorkloadName& subject, const std::string& namespace_name, const Workload& workload,
                    const std::vector<Explained>& pods) {
  std::map<std::vector<std::string>, std::vector<const Explained*>> alike;
  std::size_t blocked = 0;
  for (const Explained& pod : pods) {
    blocked += pod.explanation.is_blocked;
    alike[without_name(pod)].push_back(&pod);
  }
  print(visible(std::string(subject.kind->kind) + ' ' + namespace_name + '/' + subject.name) + ": " +
        std::to_string(pods.size()) + (pods.size() == 1 ? " pod" : " pods") + ", " + std::to_string(blocked) +
        " blocked\n");
  for (const std::string& refusal : refusals(workload.makers, workload.events)) {
    print("  a pod could not be created: " + visible(refusal) + '\n');
  }
  if (!workload.failure.empty()) print("  not everything is known: " + visible(workload.failure.text) + '\n');
  if (pods.size() < workload.pods.size()) {
    print("  only " + std::to_string(pods.size()) + " of " + std::to_string(workload.pods.size()) +
          " pods were examined\n");
  }
  for (const auto& [reasons, group] : alike) {
    print_pod(namespace_name, *group.front(), "  ");
    if (group.size() > 1) print("    and " + std::to_string(group.size() - 1) + " more like it\n");
  }
  if (blocked > 0)
    print("  to start again: " + visible(renewal_of(*subject.kind, subject.name, namespace_name)) + '\n');
}

// A refused pod outranks one that is not fully known.
ExitCode worse(ExitCode one, ExitCode other) {
  if (one == ExitCode::pass || other == ExitCode::policy_failed) return other;
  return one;
}

asio::awaitable<Result<void>> explain_subject(KubeClient& client, const ExplainOptions& options,
                                              const WorkloadName& subject, const std::string& namespace_name,
                                              ExitCode& code) {
  const auto workload = co_await find_workload(client, subject, namespace_name);
  if (!workload) co_return workload.error();
  PodSurroundings around = co_await look_around(client, options, namespace_name);
  std::vector<Explained> pods;
  for (const Json& pod : workload->pods) {
    const std::string name = text_in(object_in(pod, "metadata"), "name");
    around.events =
        (co_await find_all(client, "/api/v1/namespaces/" + escape_segment(namespace_name) +
                                       "/events?fieldSelector=involvedObject.name%3D" + escape_segment(name)))
            .items;
    auto one = explained(pod, around);
    if (!one) co_return one.error();
    code = worse(code, exit_code_of(one->explanation));
    pods.push_back(std::move(*one));
    if (pods.size() == kMaxExplainedPods) break;
  }
  if (subject.kind->kind != "Pod") {
    print_workload(subject, namespace_name, *workload, pods);
    co_return Result<void>{};
  }
  print_pod(namespace_name, pods.front(), "");
  const Explanation& only = pods.front().explanation;
  print_diff(options, only.before, only.after, only.injected ? "as it is" : "as the injector would make it now");
  co_return Result<void>{};
}

Result<ExitCode> explain_from_cluster(const ExplainOptions& options) {
  const auto subject = workload_name(options.subject);
  if (!subject) return subject.error();
  const auto config = find_kube_config(options.cluster.kubeconfig, options.cluster.context);
  if (!config) return config.error();
  const std::string namespace_name =
      options.cluster.namespace_name.empty() ? config->namespace_ : options.cluster.namespace_name;
  ExitCode code = ExitCode::pass;
  const auto done = run_blocking(
      [&]() -> asio::awaitable<Result<void>> {
        KubeClient client(*config);
        co_return co_await explain_subject(client, options, *subject, namespace_name, code);
      },
      kLongestCommand);
  if (!done) return done.error();
  return code;
}

Result<ExitCode> explain(const ExplainOptions& options) {
  if (options.subject.empty() == options.path.empty())
    return Error{Errc::usage, "explain: want POD or KIND/NAME, or -f FILE"};
  if (options.path.empty()) return explain_from_cluster(options);
  return explain_file(options);
}

}  // namespace

void add_explain_command(CLI::App& app, Command& chosen) {
  auto* command =
      app.add_subcommand("explain", "Say why a pod was or was not injected, and what the injector adds to it");
  const auto options = std::make_shared<ExplainOptions>();
  command->add_option("POD", options->subject,
                      "A pod of the cluster, or a workload as KIND/NAME: deploy/web, cronjob/report");
  command
      ->add_option("-f,--filename", options->path,
                   "A manifest instead, as if it were in a labelled namespace; - is standard input")
      ->type_name("FILE");
  add_cluster_options(*command, options->cluster, "The pod's namespace (default: that of the context)");
  command->add_option("--injector-namespace", options->installation.namespace_, "The injector's namespace")
      ->capture_default_str();
  command->add_flag("--no-diff", options->no_diff, "Say only why");
  add_injector_options(*command, *options);
  command->footer(
      "Examples: kubectl initscan explain deploy/web -n shop\n"
      "          initscan-injector explain -f web.yaml --image registry.example.com/initscan@sha256:...\n"
      "Exit codes: 0 nothing of initscan's keeps a pod from starting, 2 a pod is refused by its policy, 1 a scan could "
      "not decide or does not come about, or not all could be found out, 64 wrong usage.");
  command->callback([&chosen, options] { chosen = [options] { return explain(*options); }; });
}

}  // namespace initscan::injector
