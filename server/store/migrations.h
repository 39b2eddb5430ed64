#pragma once

#include "common/result.h"

#include <span>

namespace initscan::server {

class Database;

/// SQL that brings a store from one version of its schema to the next, in order; a store's version is how many of them
/// it has. One that a release has shipped is never changed: another follows. They are written for SQLite;
/// postgresql_schema() says the same to PostgreSQL.
std::span<const char* const> migrations();

/// Runs those that the store does not have yet, each in a transaction of its own with its number.
/// Errors: unsupported - the store has more than these; those of Database::execute().
Result<void> migrate(Database& database, std::span<const char* const> steps);

}  // namespace initscan::server
