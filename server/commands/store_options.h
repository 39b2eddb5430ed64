#pragma once

#include "common/result.h"
#include "server/store/sqlite_database.h"
#include "server/store/store.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace initscan::server {

// Where things are kept: in a SQLite file, or in PostgreSQL.
struct StoreOptions {
  std::string place;     // a file, or a URL without a password
  std::string url_file;  // with a URL, of which a password may be a part
  SqliteOptions sqlite;
  std::optional<std::int64_t> max_bytes;  // how large it may become, where the words say it
  std::size_t connections = 4;            // to PostgreSQL
};

/// --store and --store-url.
void add_store_options(CLI::App& command, StoreOptions& options);

/// Whether it is PostgreSQL.
bool is_postgresql(const StoreOptions& options);

/// Errors: usage; those of SqliteStore::open() and of PostgresqlStore::open().
Result<std::shared_ptr<Store>> open_store(const StoreOptions& options);

}  // namespace initscan::server
