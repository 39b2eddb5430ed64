#pragma once

#include "audit/model/cluster.h"

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace initscan::audit {

inline constexpr const char* kRestartedAt = "kubectl.kubernetes.io/restartedAt";  // annotation of the pod template

/// Why a workload, as the API server has it now, must not be restarted; nothing where it may.
/// `object` is a Deployment, StatefulSet or DaemonSet; `uid` the one that the audit saw.
std::optional<std::string> why_not_restart(const nlohmann::json& object, std::string_view kind, const std::string& uid);

/// Whether it was restarted at `since` or later, by anybody who says so in its template as kubectl does.
bool was_restarted(const nlohmann::json& object, Time since);

/// Why its PodDisruptionBudgets forbid it; `budgets` is a PodDisruptionBudgetList of its namespace.
std::optional<std::string> why_budgets_forbid(const nlohmann::json& object, const nlohmann::json& budgets);

/// The labels of its pods: of the template.
StringMap pod_labels(const nlohmann::json& object);

/// A selector of the API. One that cannot be read selects everything: it must not be overlooked.
LabelSelector read_selector(const nlohmann::json& selector);

/// Whether a text can be a name in the API, and so a part of a path: a DNS subdomain (RFC 1123).
bool is_api_name(std::string_view name);

}  // namespace initscan::audit
