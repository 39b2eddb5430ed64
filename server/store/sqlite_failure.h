#pragma once

#include "common/result.h"

#include <string>

struct sqlite3;

namespace initscan::server {

/// What the connection's last error means for whoever asked, with what to do where there is something. `code` is
/// SQLite's, extended or not.
Error sqlite_failure(sqlite3* database, int code, const std::string& path);

}  // namespace initscan::server
