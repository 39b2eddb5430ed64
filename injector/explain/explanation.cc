#include "injector/explain/explanation.h"

#include "common/crypto/sha256.h"
#include "common/gate/server_arguments.h"
#include "common/json/parts.h"
#include "common/json/time_in.h"
#include "common/json/tree_text.h"
#include "common/names.h"
#include "common/text/join.h"
#include "common/text/lines.h"
#include "common/time/rfc3339.h"
#include "common/yaml/yaml_document.h"
#include "injector/cluster/gate_outcome.h"
#include "injector/doctor/gate.h"
#include "injector/doctor/selector.h"
#include "injector/doctor/webhooks.h"
#include "injector/explain/waiting.h"
#include "injector/inject/manifest.h"

#include <algorithm>
#include <optional>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;
using Time = std::optional<std::chrono::sys_seconds>;

constexpr std::size_t kShownOfHash = 12;

// When the namespace's label was last written, and by whom, as far as its managed fields say.
struct Labelling {
  Time time;
  std::string manager;
};

Labelling labelling_of(const Json& namespace_object) {
  Labelling last;
  for (const Json& entry : list_in(object_in(namespace_object, "metadata"), "managedFields")) {
    const Json& labels = object_in(object_in(object_in(entry, "fieldsV1"), "f:metadata"), "f:labels");
    if (!labels.contains(std::string("f:") + names::kInject)) continue;
    const Time time = time_in(entry, "time");
    if (time && (!last.time || *time > *last.time)) last = {time, text_in(entry, "manager")};
  }
  return last;
}

// The pod as people look at it: without what the cluster says of its life.
std::string text_of(Json pod) {
  pod.erase("status");
  if (pod.contains("metadata") && pod["metadata"].is_object()) pod["metadata"].erase("managedFields");
  if (!pod.contains("kind")) pod["kind"] = "Pod";
  return json_text(pod);
}

Result<std::string> yaml_of(const std::string& json) {
  auto documents = load_yaml(json);
  if (!documents) return documents.error();
  return documents->empty() ? std::string() : emit_yaml(documents->front());
}

void add_event_reasons(const std::vector<Json>& events, std::vector<std::string>& reasons) {
  for (const Json& event : events) {
    const std::string reason = text_in(event, "reason");
    if (reason == "InjectionFailed" || reason == "InjectionSkipped" || reason == "ScanBypassed" ||
        reason == "BlockedPodReleased") {
      reasons.push_back("event " + reason + ": " + text_in(event, "message"));
    }
  }
}

// Why the API server never asked the webhook, as far as the namespace decides it; "" where it does not.
std::string reason_of_namespace(const PodSurroundings& around, const std::string& name) {
  if (!around.namespace_object.failure.empty())
    return "namespace " + name + ": not known: " + around.namespace_object.failure.text;
  if (!around.namespace_object.exists()) return "there is no namespace " + name;
  const Json& labels = object_in(object_in(around.namespace_object.object, "metadata"), "labels");
  if (!labels.contains(names::kInject)) {
    return "namespace " + name + " is not labelled: kubectl label namespace " + name + ' ' + names::kInject +
           "=enabled";
  }
  if (text_in(labels, names::kInject) != "enabled") {
    return "namespace " + name + " is labelled " + names::kInject + '=' + text_in(labels, names::kInject) +
           ", not enabled";
  }
  const Json hook = mutating_hook_of(around.configuration.object);
  if (!hook.is_null() &&
      !selects(object_in(hook, "namespaceSelector"), selection_labels(around.namespace_object.object))) {
    return "the webhook's namespaceSelector excludes namespace " + name + ", although it is labelled";
  }
  return {};
}

// Why, where the webhook is there and the namespace is labelled now.
std::string reason_of_time(const Json& pod, const PodSurroundings& around) {
  const Time born = time_in(object_in(pod, "metadata"), "creationTimestamp");
  const Labelling label = labelling_of(around.namespace_object.object);
  if (born && label.time && *born < *label.time) {
    return "it was created at " + format_rfc3339(*born) + ", before " + label.manager + " labelled its namespace at " +
           format_rfc3339(*label.time) + "; replace it";
  }
  if (!around.configuration.failure.empty()) return "the webhook: not known: " + around.configuration.failure.text;
  if (!around.configuration.exists())
    return "there is no MutatingWebhookConfiguration: initscan is not installed as a webhook";
  const Time installed = time_in(object_in(around.configuration.object, "metadata"), "creationTimestamp");
  if (born && installed && *born < *installed) {
    return "it was created at " + format_rfc3339(*born) + ", before the webhook was installed at " +
           format_rfc3339(*installed) + "; replace it";
  }
  return {};
}

void explain_absence(const Json& pod, const PodSurroundings& around, Reason would, Explanation& explanation) {
  std::vector<std::string>& reasons = explanation.reasons;
  const Json& metadata = object_in(pod, "metadata");
  if (std::string reason = reason_of_namespace(around, text_in(metadata, "namespace")); !reason.empty())
    reasons.push_back(std::move(reason));
  if (!is_scanned(would)) reasons.push_back(sentence_of(would));
  add_event_reasons(around.events, reasons);
  if (!reasons.empty()) return;
  if (text_in(object_in(metadata, "labels"), names::kInject) == "disabled") {
    reasons.push_back(std::string("it is labelled ") + names::kInject +
                      "=disabled, and was created by someone who may bypass " + names::kPolicyResource +
                      ", or while its policy allowed that");
    return;
  }
  if (std::string reason = reason_of_time(pod, around); !reason.empty()) {
    reasons.push_back(std::move(reason));
    return;
  }
  const bool nobody = around.endpoints.failure.empty() &&
                      std::none_of(around.endpoints.items.begin(), around.endpoints.items.end(),
                                   [](const Json& slice) { return !list_in(slice, "endpoints").empty(); });
  // The API server need not say when a label was written.
  const std::string younger =
      labelling_of(around.namespace_object.object).time ? "" : "it was created before its namespace was labelled, or ";
  reasons.push_back(younger + "the injector did not answer when it was created, and nothing denied it: " +
                    (nobody ? "no replica of it is ready now either" : "it fails open") +
                    "; run: initscan-injector check");
}

std::string first_line(std::string_view text) {
  return std::string(take_line(text));
}

// The pod's controller, where one makes another pod in its place.
bool is_replaced(const Json& pod) {
  const Json& owners = list_in(object_in(pod, "metadata"), "ownerReferences");
  return std::any_of(owners.begin(), owners.end(),
                     [](const Json& owner) { return flag_in(owner, "controller") && text_in(owner, "kind") != "Job"; });
}

std::string replacement_of(const Json& pod) {
  const Json& metadata = object_in(pod, "metadata");
  const std::string command =
      "kubectl delete pod " + text_in(metadata, "name") + " -n " + text_in(metadata, "namespace");
  const Json& owners = list_in(metadata, "ownerReferences");
  for (const Json& owner : owners) {  // a Job counts a deleted pod as failed, and cannot be started again
    if (text_in(owner, "kind") != "Job") continue;
    return "kubectl delete job " + text_in(owner, "name") + " -n " + text_in(metadata, "namespace") +
           ", and create it again";
  }
  return is_replaced(pod) ? command + " (a new one replaces it, and is scanned)" : command + ", and create it again";
}

// Those that are told or asked, and whom a gate trusts by the hash of it.
std::string servers_named(const std::vector<std::string>& arguments) {
  std::vector<std::string> words;
  for (const std::string& argument : arguments) {
    if (names_server(argument)) words.push_back(argument);
    if (argument.starts_with(kServerCaInline)) {
      words.push_back("authority " + sha256_hex(argument.substr(kServerCaInline.size())).substr(0, kShownOfHash));
    }
  }
  return words.empty() ? "none" : join(words, " ");
}

// What of a pod's gate is another now: "image A, now B".
std::string differences(const GateFacts& gate, const InjectorConfig& now) {
  std::string all;
  const auto add = [&](const std::string& what, const std::string& before, const std::string& after) {
    if (before != after) all += (all.empty() ? "" : "; ") + what + ' ' + before + ", now " + after;
  };
  add("policy", gate.config.policy_name, now.policy_name);
  add("the policy's SHA-256", gate.policy_sha256, sha256_hex(now.policy_json));
  add("mode", std::string(to_string(gate.config.mode)), std::string(to_string(now.mode)));
  add("image", gate.config.image, now.image);
  add("index", gate.config.index_image.empty() ? "of the image" : gate.config.index_image,
      now.index_image.empty() ? "of the image" : now.index_image);
  add("servers", servers_named(gate.config.servers), servers_named(now.servers));
  return all.empty() ? "parts other than these" : all;
}

// What it waits for, where that is not its turn.
void add_wait(const Json& pod, const GateOutcome& outcome, Explanation& explanation) {
  std::vector<std::string>& reasons = explanation.reasons;
  if (outcome.wait) {
    const Wait& wait = *outcome.wait;
    explanation.is_stuck = true;
    reasons.push_back("it waits: " + wait.container + ": " + wait.reason +
                      (wait.message.empty() ? "" : ": " + wait.message));
    if (std::string advice = advice_on(wait); !advice.empty()) reasons.push_back(std::move(advice));
    return;
  }
  if (outcome.exit_code) return;
  if (outcome.is_running) reasons.push_back("it is being scanned");
  if (const std::string why = unscheduled(pod); !why.empty()) reasons.push_back("it waits for a node: " + why);
}

// What the gate said: the deciding thing of a pod that does not start. `around` is what would be now.
void add_outcome(const Json& pod, const PodSurroundings& around, Explanation& explanation) {
  const GateOutcome outcome = gate_outcome_of(pod);
  std::vector<std::string>& reasons = explanation.reasons;
  if (outcome.has_passed) {
    reasons.push_back("it has passed: " + first_line(outcome.message));
    return;
  }
  explanation.is_blocked = is_blocked(pod);
  add_wait(pod, outcome, explanation);
  if (!outcome.exit_code) return;
  const int code = *outcome.exit_code;
  explanation.is_refused = explanation.is_blocked && code == 2;
  const char* const how = code == 2   ? "it is refused"
                          : code == 1 ? "the scan could not decide, so it does not start"
                                      : "the scan was stopped";
  std::string_view message = outcome.message;
  if (message.empty()) {
    reasons.push_back(std::string(how) + " (exit code " + std::to_string(code) + ", and no message)");
  } else {
    reasons.push_back(std::string(how) + ": " + std::string(take_line(message)));
    while (!message.empty()) reasons.push_back("  " + std::string(take_line(message)));
  }
  if (!explanation.is_blocked) return;
  const std::string outdated = around.unread.empty() ? outdated_part(pod, around.config) : std::string();
  if (!outdated.empty()) {
    reasons.push_back(outdated +
                      " has changed since, but a pod keeps what it was created with: " + replacement_of(pod));
  } else if (code == 1) {
    reasons.push_back("fix what kept it from deciding, or let the policy allow that, and then: " + replacement_of(pod));
  } else if (code == 2) {
    reasons.push_back("use a fixed image; or accept the finding with a ScanExemption, and then: " +
                      replacement_of(pod));
  }
}

}  // namespace

Result<Explanation> explain_pod(const Json& pod, const PodSurroundings& around) {
  const std::string text = text_of(pod);
  const auto without = whole(uninject_manifest(text));
  if (!without) return without.error();
  const auto gate = gate_facts_of(pod, around.config);
  InjectorConfig config = around.config;
  if (gate) {  // the platform's part: it does not change by itself
    config.assigned_user = gate->config.assigned_user;
    config.always_pull = gate->config.always_pull;
  }
  const auto with = whole(inject_manifest(without->text, config));
  if (!with) return with.error();

  Explanation explanation;
  explanation.injected = gate.has_value();
  auto before = yaml_of(without->text);
  auto after = yaml_of(gate ? text : with->text);
  if (!before) return before.error();
  if (!after) return after.error();
  explanation.before = std::move(*before);
  explanation.after = std::move(*after);
  const Reason would = with->objects.empty() ? Reason::not_a_workload : with->objects.front().reason;
  if (!gate) {
    explain_absence(pod, around, would, explanation);
    if (!around.unread.empty()) {
      explanation.is_undecided = true;
      explanation.after = explanation.before;
      explanation.reasons.push_back("what the injector would do with it is not known: " + around.unread);
    }
    return explanation;
  }
  add_outcome(pod, around, explanation);
  explanation.reasons.push_back("policy " + gate->config.policy_name + ", mode " +
                                std::string(to_string(gate->config.mode)) + ", image " + gate->config.image);
  if (!gate->error.empty()) explanation.reasons.push_back(gate->error);
  if (!around.unread.empty()) {
    explanation.is_undecided = true;
    explanation.reasons.push_back("whether the injector would make it the same now is not known: " + around.unread);
    add_event_reasons(around.events, explanation.reasons);
    return explanation;
  }
  const auto again = inject_manifest(text, config);
  const bool is_current = again && !again->objects.empty() && again->objects.front().reason == Reason::unchanged;
  explanation.reasons.push_back(is_current ? "it is as the injector would make it now"
                                           : "the injector would make it differently now (" +
                                                 differences(*gate, around.config) +
                                                 "): it was created before that changed, or by hand");
  add_event_reasons(around.events, explanation.reasons);
  return explanation;
}

ExitCode exit_code_of(const Explanation& explanation) {
  if (explanation.is_refused) return ExitCode::policy_failed;
  const bool is_open = explanation.is_blocked || explanation.is_stuck || explanation.is_undecided;
  return is_open ? ExitCode::undecided : ExitCode::pass;
}

std::string sentence_of(Reason reason) {
  switch (reason) {
    case Reason::injected: return "the scanner is inserted before its containers";
    case Reason::unchanged: return "it already is as the injector makes it";
    case Reason::mirror:
      return "it is the mirror of a static pod: the kubelet has started it, and nothing can change it";
    case Reason::excluded_namespace: return "its namespace keeps the cluster alive, and is never injected";
    case Reason::windows: return "it is a Windows pod, and those are not scanned";
    case Reason::architecture: return "it is for an architecture that initscan's image is not built for";
    case Reason::opted_out:
      return std::string("it is labelled ") + names::kInject + "=disabled, and its policy allows that";
    case Reason::not_a_workload: return "it has no pods";
    default: return std::string(to_string(reason));
  }
}

}  // namespace initscan::injector
