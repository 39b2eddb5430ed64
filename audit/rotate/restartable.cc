#include "audit/rotate/restartable.h"

#include "audit/judge/selecting.h"
#include "common/json/parts.h"
#include "common/text/ascii.h"
#include "common/time/rfc3339.h"

#include <algorithm>

namespace initscan::audit {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxNameBytes = 253;

// How many pods there should be, and how many are of the newest template, and serve.
struct Rollout {
  std::int64_t wanted = 0;
  std::int64_t updated = 0;
  std::int64_t available = 0;
};

Rollout rollout_of(const Json& object, std::string_view kind) {
  const Json& status = object_in(object, "status");
  if (kind == "DaemonSet") {
    return {number_in(status, "desiredNumberScheduled"), number_in(status, "updatedNumberScheduled"),
            number_in(status, "numberAvailable")};
  }
  return {number_in(object_in(object, "spec"), "replicas", 1), number_in(status, "updatedReplicas"),
          number_in(status, "availableReplicas")};
}

std::string count(std::int64_t some, std::int64_t all, const char* what) {
  return std::to_string(some) + " of " + std::to_string(all) + " pods are " + what;
}

}  // namespace

std::optional<std::string> why_not_restart(const Json& object, std::string_view kind, const std::string& uid) {
  const Json& metadata = object_in(object, "metadata");
  const Json& spec = object_in(object, "spec");
  if (uid.empty()) return "the audit did not see its uid";
  if (text_in(metadata, "uid") != uid) return "it has been replaced by another of the same name since the audit";
  if (value_in(metadata, "deletionTimestamp").is_string()) return "it is being deleted";
  if (flag_in(spec, "paused")) return "its rollout is paused";
  if (text_in(object_in(spec, "updateStrategy"), "type") == "OnDelete")
    return "its update strategy is OnDelete: delete its pods one by one";
  if (number_in(object_in(object, "status"), "observedGeneration", -1) < number_in(metadata, "generation")) {
    return "its controller has not seen its latest change yet";
  }
  const Rollout rollout = rollout_of(object, kind);
  if (rollout.wanted == 0) return "it is scaled to zero";
  if (rollout.updated < rollout.wanted)
    return "a rollout is under way: " + count(rollout.updated, rollout.wanted, "up to date");
  if (rollout.available < rollout.wanted) return count(rollout.available, rollout.wanted, "available");
  return std::nullopt;
}

bool was_restarted(const Json& object, Time since) {
  const Json& annotations =
      object_in(object_in(object_in(object_in(object, "spec"), "template"), "metadata"), "annotations");
  const auto time = parse_rfc3339(text_in(annotations, kRestartedAt));
  return time && *time >= since;
}

std::optional<std::string> why_budgets_forbid(const Json& object, const Json& budgets) {
  const StringMap labels = pod_labels(object);
  const Json& items = value_in(budgets, "items");
  if (!items.is_array()) return "its PodDisruptionBudgets cannot be read";
  for (const Json& budget : items) {
    const Json& selector = object_in(object_in(budget, "spec"), "selector");
    if (!selects(read_selector(selector), labels)) continue;
    const Json& status = object_in(budget, "status");
    const std::string name = "PodDisruptionBudget " + text_in(object_in(budget, "metadata"), "name");
    if (number_in(status, "observedGeneration", -1) < number_in(object_in(budget, "metadata"), "generation")) {
      return name + " has not been evaluated yet";
    }
    if (number_in(status, "disruptionsAllowed") <= 0) return name + " allows no disruption now";
  }
  return std::nullopt;
}

StringMap pod_labels(const Json& object) {
  StringMap labels;
  const Json& found = object_in(object_in(object_in(object_in(object, "spec"), "template"), "metadata"), "labels");
  for (const auto& [key, value] : found.items()) {
    if (value.is_string()) labels[key] = value.get<std::string>();
  }
  return labels;
}

LabelSelector read_selector(const Json& selector) {
  LabelSelector out;
  for (const auto& [key, value] : object_in(selector, "matchLabels").items()) {
    if (value.is_string()) out.requirements.push_back({key, "In", {value.get<std::string>()}});
  }
  for (const Json& expression : list_in(selector, "matchExpressions")) {
    out.requirements.push_back(
        {text_in(expression, "key"), text_in(expression, "operator"), texts_in(expression, "values")});
  }
  return out;
}

bool is_api_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '.'; }) &&
         name.front() != '.' && name.front() != '-' && name.back() != '.' && name.back() != '-';
}

}  // namespace initscan::audit
