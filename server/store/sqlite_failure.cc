#include "server/store/sqlite_failure.h"

#include <cerrno>
#include <cstring>

#include <sqlite3.h>

namespace initscan::server {
namespace {

// SQLite tells what a full disk did to its log, and not what it did to the file beside it: that is any I/O error.
bool is_without_room(sqlite3* database, int code) {
  if ((code & 0xff) == SQLITE_FULL) return true;
  if ((code & 0xff) != SQLITE_IOERR || database == nullptr) return false;
  const int reason = sqlite3_system_errno(database);
  return reason == ENOSPC || reason == EDQUOT;
}

}  // namespace

Error sqlite_failure(sqlite3* database, int code, const std::string& path) {
  const std::string text = path + ": " + (database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database));
  if (is_without_room(database, code)) {
    return {Errc::over_limit, text + "; nothing of this write was kept: free space, or allow the store more"};
  }
  if (code == SQLITE_IOERR_GETTEMPPATH) {
    return {Errc::io, text + ": there is no folder for temporary files; name one that can be written by SQLITE_TMPDIR"};
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {Errc::unavailable, text + "; another process keeps the store busy"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Errc::malformed, text + "; put a backup in its place, or move it away to start a new store"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return {Errc::refused, text};
    case SQLITE_TOOBIG: return {Errc::over_limit, text};
    case SQLITE_IOERR: {
      const int reason = database == nullptr ? 0 : sqlite3_system_errno(database);
      return {Errc::io, reason == 0 ? text : text + ": " + std::strerror(reason)};
    }
    default: return {Errc::io, text};
  }
}

}  // namespace initscan::server
