#pragma once

#include "common/result.h"

#include <cstdint>
#include <string>

namespace initscan::server {

class Database;
class Store;
struct Report;

inline constexpr std::int64_t kReportBytes = 1024;  // of a report in the store, with its part of the indexes

/// Counts `bytes` more for whose report it is: its namespace, or its client outside of a cluster. In a transaction.
/// Errors: over_limit - that is more than `most`; as of Database::execute().
Result<void> charge(Database& database, const Report& report, std::int64_t bytes, std::int64_t most);

/// Whether a report of the same namespace, or client, refers to this SBOM. Errors: as of Database::execute().
Result<bool> has_sbom(Database& database, const Report& report, const std::string& sbom_sha256);

/// Counts again what everybody's reports take, once some are gone. Errors: as of Store::write_alone().
Result<void> count_shares(Store& store);

}  // namespace initscan::server
