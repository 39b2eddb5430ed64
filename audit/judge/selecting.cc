#include "audit/judge/selecting.h"

#include "common/kube/label_operator.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace initscan::audit {
namespace {

bool meets(const LabelSelector::Requirement& requirement, const StringMap& labels) {
  const auto label = labels.find(requirement.key);
  const bool is_there = label != labels.end();
  const bool is_one_of = is_there && std::find(requirement.values.begin(), requirement.values.end(), label->second) !=
                                         requirement.values.end();
  return meets_label_operator(requirement.op, is_there, is_one_of);
}

bool selects(const StringMap& selector, const StringMap& labels) {
  return std::all_of(selector.begin(), selector.end(), [&](const auto& wanted) {
    const auto label = labels.find(wanted.first);
    return label != labels.end() && label->second == wanted.second;
  });
}

using LabelPlace = std::tuple<std::string_view, std::string_view, std::string_view>;  // namespace, key, value

}  // namespace

bool selects(const LabelSelector& selector, const StringMap& labels) {
  return std::all_of(selector.requirements.begin(), selector.requirements.end(),
                     [&](const auto& requirement) { return meets(requirement, labels); });
}

struct Selectors::Index {
  std::map<LabelPlace, std::vector<const Service*>> services;
  std::map<std::string_view, std::vector<const DisruptionBudget*>> budgets;  // by namespace
};

Selectors::Selectors(const ClusterFacts& cluster) : index_(std::make_unique<Index>()) {
  if (cluster.services) {
    for (const Service& service : *cluster.services) {
      if (service.selector.empty()) continue;  // its endpoints are named by something else
      const auto& [key, value] = *service.selector.begin();
      index_->services[{service.namespace_, key, value}].push_back(&service);
    }
  }
  if (cluster.budgets) {
    for (const DisruptionBudget& budget : *cluster.budgets) index_->budgets[budget.namespace_].push_back(&budget);
  }
}

Selectors::~Selectors() = default;

Selecting Selectors::of(const Pod& pod) const {
  Selecting found;
  for (const auto& [key, value] : pod.labels) {
    const auto at = index_->services.find(LabelPlace{pod.namespace_, key, value});
    if (at == index_->services.end()) continue;
    for (const Service* service : at->second) {
      if (!selects(service->selector, pod.labels)) continue;
      found.exposure = std::max(found.exposure, service->exposure);
      found.services.push_back(service->name);
    }
  }
  const bool has_host_port = std::any_of(pod.containers.begin(), pod.containers.end(),
                                         [](const Container& c) { return !c.host_ports.empty(); });
  if (has_host_port || pod.host_network) found.exposure = std::max(found.exposure, Exposure::node_port);

  if (const auto at = index_->budgets.find(pod.namespace_); at != index_->budgets.end()) {
    for (const DisruptionBudget* budget : at->second) {
      if (selects(budget->selector, pod.labels)) found.budgets.push_back(budget->name);
    }
  }
  std::sort(found.services.begin(), found.services.end());
  std::sort(found.budgets.begin(), found.budgets.end());
  return found;
}

}  // namespace initscan::audit
