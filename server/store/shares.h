#pragma once

#include "common/result.h"

#include <cstdint>
#include <string>

namespace initscan::server {

class Database;
class Store;
struct Report;
struct StoreRoom;

inline constexpr std::int64_t kReportBytes = 1024;  // of a report in the store, with its part of the indexes

/// Counts `bytes` more for whose report it is: its namespace, or its client outside of a cluster. In a transaction.
/// Nobody takes more than the share, nor more than is left then of the whole: so it is never full, however many there
/// are, and whoever comes last still gets half of what is left. Errors: over_limit; as of Database::execute().
Result<void> charge(Database& database, const Report& report, std::int64_t bytes, const StoreRoom& room);

/// What the reports of all of them take. Errors: as of Database::execute().
Result<std::int64_t> charged(Database& database);

/// Whether a report of the same namespace, or client, refers to this SBOM. Errors: as of Database::execute().
Result<bool> has_sbom(Database& database, const Report& report, const std::string& sbom_sha256);

/// Counts again what everybody's reports take, once some are gone. Errors: as of Store::write_alone().
Result<void> count_shares(Store& store);

}  // namespace initscan::server
