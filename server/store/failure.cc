#include "server/store/failure.h"

#include <sqlite3.h>

namespace initscan::server {

Error sqlite_failure(sqlite3* database, int code, const std::string& path) {
  const std::string text = path + ": " + (database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database));
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {Errc::over_limit, text + "; nothing of this write was kept: free space, or allow the store more"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {Errc::unavailable, text + "; another process keeps the store busy"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Errc::malformed, text + "; put a backup in its place, or move it away to start a new store"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return {Errc::refused, text};
    case SQLITE_TOOBIG: return {Errc::over_limit, text};
    default: return {Errc::io, text};
  }
}

}  // namespace initscan::server
