#include "injector/doctor/namespaces.h"

#include "common/json/parts.h"
#include "common/names.h"
#include "injector/doctor/selector.h"

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxComplaints = 20;

bool is_left_out(const Json& hook, const Json& namespace_object) {
  return !hook.is_null() && !selects(object_in(hook, "namespaceSelector"), selection_labels(namespace_object));
}

// What is wrong with its labels and annotations, besides the label for injection.
std::vector<CheckItem> judge_words(const Json& namespace_object, const std::string& item, const NamespaceWish& wish) {
  const std::string name = name_of(namespace_object);
  const Json& labels = object_in(object_in(namespace_object, "metadata"), "labels");
  const Json& annotations = object_in(object_in(namespace_object, "metadata"), "annotations");
  std::vector<CheckItem> found;
  const std::string enforcement = text_in(labels, names::kEnforcement);
  if (enforcement.empty() && annotations.contains(names::kEnforcement)) {
    found.push_back(
        CheckItem::warning(item, std::string(names::kEnforcement) + " is an annotation, and has no effect",
                           "make it a label: kubectl label namespace " + name + ' ' + names::kEnforcement + "=report"));
  }
  if (!enforcement.empty() && enforcement != "report" && enforcement != "enforce") {
    found.push_back(CheckItem::warning(
        item, names::kEnforcement + ('=' + enforcement) + " is neither enforce nor report: the namespace enforces",
        "kubectl label namespace " + name + ' ' + names::kEnforcement + "=enforce --overwrite"));
  }
  if (annotations.contains(names::kMode) && !wish.mode) {
    found.push_back(CheckItem::warning(
        item, std::string("annotation ") + names::kMode + " is none of auto, copy, volume, and has no effect",
        "kubectl annotate namespace " + name + ' ' + names::kMode + "=auto --overwrite"));
  }
  return found;
}

// Worst first.
std::vector<CheckItem> judge(const Json& namespace_object, const Json& hook, const FollowedPolicies& policies) {
  const std::string name = name_of(namespace_object);
  const std::string item = "namespace " + name;
  const NamespaceWish wish = read_namespace(namespace_object);
  const std::string label = text_in(object_in(object_in(namespace_object, "metadata"), "labels"), names::kInject);
  if (!wish.injected && label != "disabled") {
    return {CheckItem::warning(item, names::kInject + ('=' + label) + " means nothing: its pods are not scanned",
                               "kubectl label namespace " + name + ' ' + names::kInject + "=enabled --overwrite")};
  }
  if (!wish.injected) return {CheckItem::ok(item, std::string(names::kInject) + "=disabled: its pods are not scanned")};
  std::vector<CheckItem> found;
  if (!policies.failure.empty()) {
    found.push_back(
        CheckItem::unknown(item, "its policy is not known", "ask someone who may list policies and exemptions"));
  } else if (std::string lack = policies.settings.lack_of_policy(name); !lack.empty()) {
    found.push_back(CheckItem::error(
        item, std::move(lack), "kubectl get clusterscanpolicy; create it, or name an existing one in the annotation"));
  }
  if (is_left_out(hook, namespace_object)) {
    found.push_back(CheckItem::warning(
        item, "is labelled, but the webhook's namespaceSelector excludes it: its pods are not scanned",
        "remove the label, or change the selector"));
  }
  std::vector<CheckItem> words = judge_words(namespace_object, item, wish);
  found.insert(found.end(), words.begin(), words.end());
  if (!found.empty()) return found;
  const auto config = policies.settings.for_namespace(name);
  return {CheckItem::ok(item, "policy " + config->policy_name + ", mode " + std::string(to_string(config->mode)) +
                                  ", " + (wish.only_reports ? "reports only" : "enforces"))};
}

}  // namespace

std::vector<CheckItem> judge_namespaces(const FoundList& namespaces, const Json& hook,
                                        const FollowedPolicies& policies) {
  if (!namespaces.failure.empty()) return {not_known("namespaces", namespaces.failure)};
  std::vector<CheckItem> items;
  for (const Json& namespace_object : namespaces.items) {
    if (!object_in(object_in(namespace_object, "metadata"), "labels").contains(names::kInject)) continue;
    for (CheckItem& item : judge(namespace_object, hook, policies)) items.push_back(std::move(item));
  }
  if (items.empty()) {
    items.push_back(CheckItem::warning("namespaces", "no namespace is labelled: nothing is scanned",
                                       std::string("kubectl label namespace NAME ") + names::kInject + "=enabled"));
  }
  return items;
}

std::vector<CheckItem> judge_complaints(const ClusterSettings& settings) {
  std::vector<CheckItem> items;
  const std::vector<std::string> complaints = settings.object_complaints();
  for (const std::string& complaint : complaints) {
    if (items.size() == kMaxComplaints) {
      items.push_back(CheckItem::warning("policies",
                                         std::to_string(complaints.size() - kMaxComplaints) + " more complaints",
                                         "correct those above first"));
      break;
    }
    items.push_back(CheckItem::warning(
        "policies", complaint,
        "correct or delete it; its condition Degraded says whether an earlier form of it still applies"));
  }
  return items;
}

std::string trial_namespace(const FoundList& namespaces, const Json& hook, const std::string& wish) {
  if (!wish.empty()) return wish;
  std::string reporting;
  for (const Json& namespace_object : namespaces.items) {
    const NamespaceWish its = read_namespace(namespace_object);
    if (!its.injected || is_left_out(hook, namespace_object) ||
        object_in(namespace_object, "metadata").contains("deletionTimestamp"))
      continue;
    if (!its.only_reports) return name_of(namespace_object);
    if (reporting.empty()) reporting = name_of(namespace_object);
  }
  return reporting;
}

}  // namespace initscan::injector
