#include "injector/doctor/inspect.h"

#include "common/json/parts.h"
#include "common/json/tree_text.h"
#include "common/names.h"
#include "common/time/now.h"
#include "injector/cluster/capabilities.h"
#include "injector/doctor/final_state.h"
#include "injector/doctor/forbidden.h"
#include "injector/doctor/gate_policy.h"
#include "injector/doctor/gate_servers.h"
#include "injector/doctor/lookup.h"
#include "injector/doctor/namespaces.h"
#include "injector/doctor/pull.h"
#include "injector/doctor/rights.h"
#include "injector/doctor/served.h"
#include "injector/doctor/trial.h"
#include "injector/doctor/version.h"
#include "injector/doctor/volumes_only.h"
#include "injector/doctor/webhooks.h"
#include "injector/doctor/workload.h"

#include <chrono>

#include <boost/asio/use_awaitable.hpp>

namespace initscan::injector {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr std::chrono::seconds kLongestProbe{60};

class Inspection {
 public:
  Inspection(KubeClient& client, const CheckOptions& options)
      : client_(client), options_(options), names_(options.installation) {}

  asio::awaitable<Result<std::vector<CheckItem>>> run() {
    KubeRequest request;
    request.path = "/version";
    auto version = co_await client_.demand(std::move(request));
    if (!version) co_return version.error();
    auto best = co_await best_mode(client_);
    deployment_ = co_await find_one(client_, in_namespace("/apis/apps/v1", "deployments", names_.service));
    policy_ =
        co_await find_one(client_, admission() + "validatingadmissionpolicies/" + escape_segment(names_.final_state));
    kind_ = parameter_kind_of(policy_.object);
    parameters_ = co_await find_one(client_, kind_.path(names_.namespace_, names_.final_state));
    said_ = deployed_arguments(deployment_.object);
    items_.push_back(
        judge_version(version->object, said_.volumes_only ? Result<Mode>(Mode::volume) : best, said_.mode));
    items_.push_back(judge_volumes_only(deployment_, said_, parameters_, best));
    cluster_ = co_await follow_once(client_, parameters_, said_, best ? *best : Mode::copy);
    configuration_ = co_await find_one(
        client_, admission() + "mutatingwebhookconfigurations/" + escape_segment(names_.configuration));
    const Found gate_policy = co_await find_gate_policy();
    has_injector_ = !gate_policy.exists();
    if (has_injector_) {
      co_await look_at_webhooks();
    } else {
      items_.push_back(judge_gate_policy(
          gate_policy, co_await find_all(client_, admission() + "mutatingadmissionpolicybindings"), names_));
    }
    const std::string trial = trial_namespace(cluster_.namespaces, hook_, options_.trial_namespace);
    items_.push_back(co_await check_own_rights(client_, rights_of_caller(names_, kind_, trial, has_injector_)));
    if (has_injector_) {
      items_.push_back(co_await check_injector_rights(client_, names_, rights_of_injector(names_, kind_, said_)));
    }
    co_await look_at_final_state();
    if (auto servers = judge_gate_servers(deployment_, said_, parameters_)) items_.push_back(std::move(*servers));
    if (has_injector_) {
      items_.push_back(
          judge_crds(co_await find_all(client_, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")));
    }
    add(judge_namespaces(cluster_.namespaces, hook_, {*cluster_.settings, cluster_.failure}));
    if (!cluster_.failure.empty()) items_.push_back(not_known("policies", cluster_.failure));
    add(judge_complaints(*cluster_.settings));
    co_await look_at_pulls();
    co_await try_a_pod(trial);
    co_return with_refusals_gathered(std::move(items_));
  }

 private:
  std::string in_namespace(const std::string& group, const std::string& resource, const std::string& name) const {
    return group + "/namespaces/" + escape_segment(names_.namespace_) + '/' + resource +
           (name.empty() ? "" : '/' + escape_segment(name));
  }

  static std::string admission() { return "/apis/admissionregistration.k8s.io/v1/"; }

  void add(std::vector<CheckItem> items) {
    for (CheckItem& item : items) items_.push_back(std::move(item));
  }

  // None if there is a webhook: then the injector adds the gate to pods.
  asio::awaitable<Found> find_gate_policy() {
    if (configuration_.exists() || !configuration_.failure.empty()) co_return Found{};
    Found found =
        co_await find_one(client_, admission() + "mutatingadmissionpolicies/" + escape_segment(names_.gate_policy));
    co_return found;
  }

  asio::awaitable<void> look_at_webhooks() {
    hook_ = mutating_hook_of(configuration_.object);
    secret_ = co_await find_one(client_, in_namespace("/api/v1", "secrets", names_.secret));
    const Found service = co_await find_one(client_, in_namespace("/api/v1", "services", names_.service));
    const FoundList slices = co_await find_all(
        client_, in_namespace("/apis/discovery.k8s.io/v1", "endpointslices", "") +
                     "?labelSelector=kubernetes.io%2Fservice-name%3D" + escape_segment(names_.service));
    const Found lease =
        co_await find_one(client_, in_namespace("/apis/coordination.k8s.io/v1", "leases", names_.service));
    items_.push_back(judge_webhook(configuration_, names_));
    if (said_.own_certificates) {
      items_.push_back(judge_ca_bundle(configuration_, secret_, names_));
      items_.push_back(judge_certificate(configuration_, secret_, names_, now_));
    } else {
      items_.push_back(judge_given_bundle(configuration_));
      items_.push_back(CheckItem::ok("certificate", "from files that someone else maintains: see served"));
    }
    items_.push_back(judge_service(service, slices, hook_, names_));
    items_.push_back(judge_deployment(deployment_, names_));
    items_.push_back(judge_lease(lease, names_, now_));
  }

  asio::awaitable<void> look_at_final_state() {
    if (policy_.failure.empty() && !policy_.exists()) {
      const Found validating = co_await find_one(
          client_, admission() + "validatingwebhookconfigurations/" + escape_segment(names_.configuration));
      if (demands_by_webhook(validating.object)) {
        items_.push_back(CheckItem::ok("final-state", "ValidatingWebhookConfiguration " + names_.configuration +
                                                          " requires the scanner in labelled namespaces"));
        items_.push_back(judge_guarding_webhook(validating.object));
        co_return;
      }
    }
    items_.push_back(judge_final_state_policy(policy_, names_));
    const FoundList bindings = co_await find_all(client_, admission() + "validatingadmissionpolicybindings");
    items_.push_back(judge_final_state_bindings(bindings, names_));
    std::vector<Found> guards;
    for (const Guard& guard : kGuards) {
      guards.push_back(co_await find_one(client_, admission() + "validatingadmissionpolicies/" + guard.policy));
    }
    items_.push_back(judge_guards(guards, bindings));
    items_.push_back(judge_final_state_parameters(parameters_, kind_, names_));
  }

  // Accounts are read only if they matter: otherwise no right to read them is needed.
  asio::awaitable<void> look_at_pulls() {
    if (!deployment_.exists()) co_return;
    const Found account = co_await find_one(client_, in_namespace("/api/v1", "serviceaccounts", names_.service));
    FoundList accounts;
    if (pulls_with_secret(deployment_, account)) {
      accounts = co_await find_all(client_, "/api/v1/serviceaccounts?fieldSelector=metadata.name%3Ddefault");
    }
    if (auto item = judge_pull(deployment_, account, accounts, cluster_.namespaces)) items_.push_back(std::move(*item));
  }

  // Not where the labels may not be read.
  bool is_unlabelled(const std::string& name) const {
    return cluster_.namespaces.failure.empty() && label_of(name) != "enabled";
  }

  // A namespace's label that has its pods injected; "" where it has none, or is not there.
  std::string label_of(const std::string& name) const {
    for (const Json& namespace_object : cluster_.namespaces.items) {
      if (name_of(namespace_object) == name)
        return text_in(object_in(object_in(namespace_object, "metadata"), "labels"), names::kInject);
    }
    return {};
  }

  asio::awaitable<CheckItem> dry_run(std::string namespace_name) {
    KubeRequest request;
    request.method = "POST";
    request.path = "/api/v1/namespaces/" + escape_segment(namespace_name) + "/pods?dryRun=All";
    request.body = json_text(trial_pod(trial_image(parameters_)));
    request.harmless = true;
    auto reply = co_await client_.ask(std::move(request));
    if (!reply) co_return CheckItem::unknown("dry-run pod", reply.error().text, "try again");
    CheckItem item = judge_trial(namespace_name, reply->status, reply->object, parameters_,
                                 *cluster_.settings->for_namespace(namespace_name), has_injector_);
    // Quotas and admission also refuse with 403.
    if (reply->status == 403) {
      const Access creation{"create",       "", "pods", "",
                            namespace_name, ""};  // a name for it: g++ 12 would destroy it twice
      const auto allowed = co_await may_i(client_, creation);
      item.lacks_right = allowed && !*allowed;
    }
    co_return item;
  }

  asio::awaitable<void> try_a_pod(std::string namespace_name) {
    CheckItem trial =
        cluster_.namespaces.failure.empty()
            ? CheckItem::unknown("dry-run pod", "there is no labelled namespace to try one in",
                                 std::string("label one: kubectl label namespace NAME ") + names::kInject + "=enabled")
            : CheckItem::unknown("dry-run pod", "which namespaces are labelled is not known",
                                 "name one in which you may create pods: --trial-namespace NAME");
    if (!namespace_name.empty() && is_unlabelled(namespace_name)) {
      const std::string label = label_of(namespace_name);
      trial = CheckItem::unknown(
          "dry-run pod",
          namespace_name +
              (label.empty() ? " is not labelled" : std::string(" is labelled ") + names::kInject + '=' + label) +
              ": its pods are not scanned",
          "name a labelled namespace by --trial-namespace, or: kubectl label namespace " + namespace_name + ' ' +
              names::kInject + "=enabled --overwrite");
    } else if (!namespace_name.empty()) {
      trial = co_await dry_run(namespace_name);
    }
    if (!hook_.is_null()) {
      const Served served = co_await ask_injector(client_, hook_);
      items_.push_back(judge_served(served, secret_, trial, now_));
      items_.push_back(judge_knowledge(served));
    }
    items_.push_back(std::move(trial));
    if (!options_.probe || namespace_name.empty() || is_unlabelled(namespace_name)) co_return;
    CheckItem probed = co_await probe_pull(client_, namespace_name, trial_image(parameters_), kLongestProbe);
    items_.push_back(std::move(probed));
  }

  KubeClient& client_;
  const CheckOptions& options_;
  const Installation& names_;
  const std::chrono::sys_seconds now_ = current_time();
  std::vector<CheckItem> items_;
  FollowedCluster cluster_;
  bool has_injector_ = true;  // not a policy in its place
  DeployedArguments said_;
  Found configuration_;  // of the webhooks
  Found deployment_;
  Found policy_;
  ParameterKind kind_;
  Found parameters_;  // of the policy
  Found secret_;
  Json hook_;
};

}  // namespace

asio::awaitable<Result<std::vector<CheckItem>>> inspect(KubeClient& client, CheckOptions options) {
  Inspection inspection(client, options);
  co_return co_await inspection.run();
}

}  // namespace initscan::injector
