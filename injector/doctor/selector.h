#pragma once

#include <nlohmann/json_fwd.hpp>

namespace initscan::injector {

/// Whether a LabelSelector selects an object with these labels. An empty or missing one selects everything; an
/// operator that is not known selects nothing.
/// Source: apimachinery, meta/v1, LabelSelector: matchLabels and matchExpressions must all match.
bool selects(const nlohmann::json& selector, const nlohmann::json& labels);

/// The labels by which a namespace is selected: its own, and its name as the API server adds it.
nlohmann::json selection_labels(const nlohmann::json& namespace_);

}  // namespace initscan::injector
