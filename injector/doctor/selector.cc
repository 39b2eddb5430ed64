#include "injector/doctor/selector.h"

#include "common/json/parts.h"
#include "common/kube/label_operator.h"

#include <algorithm>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

bool holds(const Json& expression, const Json& labels) {
  const std::string key = text_in(expression, "key");
  const Json& values = list_in(expression, "values");
  const auto label = labels.find(key);
  const bool exists = label != labels.end();
  const bool is_in = exists && std::find(values.begin(), values.end(), *label) != values.end();
  return meets_label_operator(text_in(expression, "operator"), exists, is_in);
}

}  // namespace

bool selects(const Json& selector, const Json& labels) {
  if (!labels.is_object()) return false;
  for (const auto& [key, value] : object_in(selector, "matchLabels").items()) {
    if (labels.value(key, Json()) != value) return false;
  }
  const Json& expressions = list_in(selector, "matchExpressions");
  return std::all_of(expressions.begin(), expressions.end(), [&](const Json& e) { return holds(e, labels); });
}

Json selection_labels(const Json& namespace_) {
  const Json& metadata = object_in(namespace_, "metadata");
  Json labels = object_in(metadata, "labels");
  labels["kubernetes.io/metadata.name"] = text_in(metadata, "name");
  return labels;
}

}  // namespace initscan::injector
