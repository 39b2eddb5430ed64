#pragma once

#include "common/result.h"

#include <chrono>
#include <string>
#include <vector>

namespace initscan::server {

class Database;

/// From which namespaces of a cluster there are reports. Errors: as of Database::execute().
Result<std::vector<std::string>> namespaces_of_reports(Database& database, const std::string& cluster);

/// Keeps that a namespace is there no longer; nothing where that is known of all its reports. In a transaction.
Result<void> add_gone_namespace(Database& database, const std::string& cluster, const std::string& name,
                                std::chrono::sys_seconds now);

}  // namespace initscan::server
