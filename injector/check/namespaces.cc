#include "injector/check/namespaces.h"

#include "common/json_parts.h"
#include "injector/check/selector.h"

namespace initscan {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxComplaints = 20;

bool is_left_out(const Json& hook, const Json& space) {
  return !hook.is_null() && !selects(object_in(hook, "namespaceSelector"), selection_labels(space));
}

CheckItem judge(const Json& space, const Json& hook, const ClusterSettings& settings) {
  const std::string name = name_of(space);
  const std::string item = "namespace " + name;
  const Json& labels = object_in(object_in(space, "metadata"), "labels");
  const Json& annotations = object_in(object_in(space, "metadata"), "annotations");
  const NamespaceWish wish = read_namespace(space);
  const std::string label = text_in(labels, "initscan.io/inject");
  if (!wish.injected && label != "disabled") {
    return CheckItem::warning(item, "initscan.io/inject=" + label + " means nothing: its pods are not scanned",
                              "kubectl label namespace " + name + " initscan.io/inject=enabled --overwrite");
  }
  if (!wish.injected) return CheckItem::ok(item, "initscan.io/inject=disabled: its pods are not scanned");
  if (is_left_out(hook, space)) {
    return CheckItem::warning(
        item, "is labelled, but the webhook's namespaceSelector leaves it out: its pods are not scanned",
        "take the label off, or change the selector");
  }
  const std::string enforcement = text_in(labels, "initscan.io/enforcement");
  if (enforcement.empty() && annotations.contains("initscan.io/enforcement")) {
    return CheckItem::warning(item, "initscan.io/enforcement is an annotation, and has no effect",
                              "make it a label: kubectl label namespace " + name + " initscan.io/enforcement=report");
  }
  if (!enforcement.empty() && enforcement != "report" && enforcement != "enforce") {
    return CheckItem::warning(item,
                              "initscan.io/enforcement=" + enforcement + " is neither enforce nor report: it enforces",
                              "kubectl label namespace " + name + " initscan.io/enforcement=enforce --overwrite");
  }
  if (annotations.contains("initscan.io/mode") && !wish.mode) {
    return CheckItem::warning(item, "annotation initscan.io/mode is none of auto, copy, volume, and has no effect",
                              "kubectl annotate namespace " + name + " initscan.io/mode=auto --overwrite");
  }
  const auto config = settings.for_namespace(name);
  if (!wish.policy.empty() && wish.policy != config->policy_name) {
    return CheckItem::error(
        item, "annotation initscan.io/policy names \"" + wish.policy + "\", but " + config->policy_name + " is in use",
        "kubectl get clusterscanpolicy; a policy that is missing or cannot be read is replaced by the injector's own");
  }
  return CheckItem::ok(item, "policy " + config->policy_name + ", mode " + std::string(to_string(config->mode)) + ", " +
                                 (wish.only_reports ? "only reports" : "enforces"));
}

}  // namespace

std::vector<CheckItem> judge_namespaces(const FoundList& namespaces, const Json& hook,
                                        const ClusterSettings& settings) {
  if (!namespaces.failure.empty()) return {not_known("namespaces", namespaces.failure)};
  std::vector<CheckItem> items;
  for (const Json& space : namespaces.items) {
    if (object_in(object_in(space, "metadata"), "labels").contains("initscan.io/inject"))
      items.push_back(judge(space, hook, settings));
  }
  if (items.empty()) {
    items.push_back(CheckItem::warning("namespaces", "no namespace is labelled: nothing is scanned",
                                       "kubectl label namespace NAME initscan.io/inject=enabled"));
  }
  return items;
}

std::vector<CheckItem> judge_complaints(const ClusterSettings& settings) {
  std::vector<CheckItem> items;
  const std::vector<std::string> complaints = settings.complaints();
  for (const std::string& complaint : complaints) {
    if (items.size() == kMaxComplaints) {
      items.push_back(CheckItem::warning("policies",
                                         std::to_string(complaints.size() - kMaxComplaints) + " more complaints",
                                         "correct those above first"));
      break;
    }
    items.push_back(
        CheckItem::warning("policies", complaint, "correct or delete the object; what was in use before stays in use"));
  }
  return items;
}

std::string trial_namespace(const FoundList& namespaces, const Json& hook, const std::string& wish) {
  if (!wish.empty()) return wish;
  std::string reporting;
  for (const Json& space : namespaces.items) {
    const NamespaceWish its = read_namespace(space);
    if (!its.injected || is_left_out(hook, space) || object_in(space, "metadata").contains("deletionTimestamp"))
      continue;
    if (!its.only_reports) return name_of(space);
    if (reporting.empty()) reporting = name_of(space);
  }
  return reporting;
}

}  // namespace initscan
