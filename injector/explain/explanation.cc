#include "injector/explain/explanation.h"

#include "common/json_parts.h"
#include "common/rfc3339.h"
#include "common/yaml/yaml_document.h"
#include "injector/check/gate.h"
#include "injector/check/selector.h"
#include "injector/check/webhooks.h"
#include "injector/manifest.h"

#include <algorithm>
#include <optional>

namespace initscan {
namespace {

using Json = nlohmann::json;
using Time = std::optional<std::chrono::sys_seconds>;

constexpr const char* kLabel = "initscan.io/inject";

Time time_in(const Json& object, const char* key) {
  const auto time = parse_rfc3339(text_in(object, key));
  return time ? Time(*time) : std::nullopt;
}

// When the namespace's label was last written, and by whom, as far as its managed fields say.
struct Labelling {
  Time time;
  std::string manager;
};

Labelling labelling_of(const Json& space) {
  Labelling last;
  for (const Json& entry : list_in(object_in(space, "metadata"), "managedFields")) {
    const Json& labels = object_in(object_in(object_in(entry, "fieldsV1"), "f:metadata"), "f:labels");
    if (!labels.contains(std::string("f:") + kLabel)) continue;
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
  return pod.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> yaml_of(const std::string& json) {
  auto documents = load_yaml(json);
  if (!documents) return documents.error();
  return documents->empty() ? std::string() : emit_yaml(documents->front());
}

void add_event_reasons(const std::vector<Json>& events, std::vector<std::string>& reasons) {
  for (const Json& event : events) {
    const std::string reason = text_in(event, "reason");
    if (reason == "InjectionFailed" || reason == "InjectionSkipped" || reason == "ScanBypassed") {
      reasons.push_back("event " + reason + ": " + text_in(event, "message"));
    }
  }
}

// Why the API server never asked the webhook, as far as the namespace decides it; "" where it does not.
std::string reason_of_namespace(const PodSurroundings& around, const std::string& name) {
  if (!around.space.failure.empty()) return "namespace " + name + ": not known: " + around.space.failure;
  if (!around.space.exists()) return "there is no namespace " + name;
  const Json& labels = object_in(object_in(around.space.object, "metadata"), "labels");
  if (!labels.contains(kLabel)) {
    return "namespace " + name + " is not labelled: kubectl label namespace " + name + ' ' + kLabel + "=enabled";
  }
  if (text_in(labels, kLabel) != "enabled") {
    return "namespace " + name + " is labelled " + kLabel + '=' + text_in(labels, kLabel) + ", not enabled";
  }
  const Json hook = mutating_hook_of(around.configuration.object);
  if (!hook.is_null() && !selects(object_in(hook, "namespaceSelector"), selection_labels(around.space.object))) {
    return "the webhook's namespaceSelector leaves namespace " + name + " out, although it is labelled";
  }
  return {};
}

// Why, where the webhook is there and the namespace is labelled now.
std::string reason_of_time(const Json& pod, const PodSurroundings& around) {
  const Time born = time_in(object_in(pod, "metadata"), "creationTimestamp");
  const Labelling label = labelling_of(around.space.object);
  if (born && label.time && *born < *label.time) {
    return "it was made at " + format_rfc3339(*born) + ", before " + label.manager + " labelled its namespace at " +
           format_rfc3339(*label.time) + "; replace it";
  }
  if (!around.configuration.failure.empty()) return "the webhook: not known: " + around.configuration.failure;
  if (!around.configuration.exists())
    return "there is no MutatingWebhookConfiguration: initscan is not installed as a webhook";
  const Time installed = time_in(object_in(around.configuration.object, "metadata"), "creationTimestamp");
  if (born && installed && *born < *installed) {
    return "it was made at " + format_rfc3339(*born) + ", before the webhook was installed at " +
           format_rfc3339(*installed) + "; replace it";
  }
  return {};
}

void explain_absence(const Json& pod, const PodSurroundings& around, const std::string& would,
                     Explanation& explanation) {
  std::vector<std::string>& reasons = explanation.reasons;
  const Json& metadata = object_in(pod, "metadata");
  if (std::string reason = reason_of_namespace(around, text_in(metadata, "namespace")); !reason.empty())
    reasons.push_back(std::move(reason));
  if (would != "injected" && would != "unchanged") reasons.push_back(sentence_of(would));
  add_event_reasons(around.events, reasons);
  if (!reasons.empty()) return;
  if (text_in(object_in(metadata, "labels"), kLabel) == "disabled") {
    reasons.push_back(
        "it is labelled initscan.io/inject=disabled, and was made by somebody who may bypass "
        "scanpolicies.initscan.io, or while its policy allowed that");
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
      labelling_of(around.space.object).time ? "" : "it was made before its namespace was labelled, or ";
  reasons.push_back(younger + "the injector did not answer when it was made, and nothing denied it: " +
                    (nobody ? "no replica of it is ready now, either" : "it fails open") +
                    "; run: initscan-injector check");
}

}  // namespace

Result<Explanation> explain_pod(const Json& pod, const PodSurroundings& around) {
  const std::string text = text_of(pod);
  const auto without = uninject_manifest(text);
  if (!without) return without.error();
  const auto gate = gate_facts_of(pod, around.config);
  InjectorConfig config = around.config;
  if (gate) {  // the platform's part: it does not change by itself
    config.assigned_user = gate->config.assigned_user;
    config.always_pull = gate->config.always_pull;
  }
  const auto with = inject_manifest(without->text, config);
  if (!with) return with.error();

  Explanation explanation;
  explanation.injected = gate.has_value();
  auto before = yaml_of(without->text);
  auto after = yaml_of(gate ? text : with->text);
  if (!before) return before.error();
  if (!after) return after.error();
  explanation.before = std::move(*before);
  explanation.after = std::move(*after);
  const std::string would = with->objects.empty() ? "not-a-workload" : with->objects.front().reason;
  if (!gate) {
    explain_absence(pod, around, would, explanation);
    return explanation;
  }
  explanation.reasons.push_back("policy " + gate->config.policy_name + ", mode " +
                                std::string(to_string(gate->config.mode)) + ", image " + gate->config.image);
  if (!gate->error.empty()) explanation.reasons.push_back(gate->error);
  const auto again = inject_manifest(text, config);
  const bool is_current = again && !again->objects.empty() && again->objects.front().reason == "unchanged";
  explanation.reasons.push_back(
      is_current ? "it is as the injector would make it now"
                 : "the injector would make it differently now (policy " + around.config.policy_name + ", mode " +
                       std::string(to_string(around.config.mode)) + ", image " + around.config.image +
                       "): it was made before that changed, or by hand");
  add_event_reasons(around.events, explanation.reasons);
  return explanation;
}

std::string sentence_of(std::string_view reason) {
  if (reason == "injected") return "the scanner is put in front of its containers";
  if (reason == "unchanged") return "it already is as the injector makes it";
  if (reason == "mirror")
    return "it is the mirror of a static pod: the kubelet has started it, and nothing can change it";
  if (reason == "excluded-namespace") return "its namespace is one that keeps the cluster alive, and never injected";
  if (reason == "windows") return "it is a Windows pod, and those are not scanned";
  if (reason == "architecture") return "it is for an architecture for which there is no image of initscan";
  if (reason == "opted-out") return "it is labelled initscan.io/inject=disabled, and its policy allows that";
  if (reason == "not-a-workload") return "it has no pods";
  return std::string(reason);
}

}  // namespace initscan
