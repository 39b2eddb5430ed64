#pragma once

#include "common/result.h"

#include <chrono>
#include <string>
#include <vector>

namespace initscan::server {

class Database;

/// From which namespaces of a cluster there are reports. Errors: as of Database::execute().
Result<std::vector<std::string>> namespaces_of_reports(Database& database, const std::string& cluster);

/// Keeps that a namespace is there no longer, or another one of its name, since `at`; nothing where no report is of
/// before, or where that is known of them all. In a transaction.
Result<void> add_gone_namespace(Database& database, const std::string& cluster, const std::string& name,
                                std::chrono::sys_seconds at);

}  // namespace initscan::server
