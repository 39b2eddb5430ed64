#pragma once

#include "common/result.h"
#include "initscan/model/file_view.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

// The three kinds of files in which rpm keeps the headers of what it installed. All are read piece by piece, and no
// piece twice: what a reader costs is bounded by the file's size, and its memory by one header.
namespace initscan {

inline constexpr std::uint64_t kMaxRpmDatabaseBytes = 1ULL << 30;  // a workstation's with 3,000 packages has 400 MB
inline constexpr std::size_t kMaxRpmHeaderBytes = 32 << 20;        // of a package with about 200,000 files

/// Takes the header of one installed package, and the number under which the database has it. Its error ends the
/// reading, and becomes the reader's.
using HeaderSink = std::function<Result<void>(std::uint64_t number, std::string_view header)>;

// All readers: what comes before an error was given to the sink. Errors (without the path): io; truncated; malformed;
// unsupported - a version or a feature that rpm does not use; over_limit - kMaxRpmDatabaseBytes, kMaxRpmHeaderBytes.

/// The table `Packages (hnum INTEGER PRIMARY KEY, blob BLOB)` of rpmdb.sqlite. `log`: rpmdb.sqlite-wal beside it, in
/// which changes stand that are not in the database yet; nullptr where there is none.
/// The table `Name`, rpm's index, may name no package that is not there.
Result<void> read_rpm_sqlite(const FileView& database, const FileView* log, const HeaderSink& sink);

/// Packages.db of rpm's own backend "ndb".
/// Source: rpm-software-management/rpm, lib/backend/ndb/rpmpkg.c.
Result<void> read_rpm_ndb(const FileView& database, const HeaderSink& sink);

/// Packages, a hash of Berkeley DB, of either byte order.
/// Source: Berkeley DB 5.3, src/dbinc/db_page.h; rpm-software-management/rpm, lib/backend/bdb_ro.cc.
Result<void> read_rpm_bdb(const FileView& database, const HeaderSink& sink);

}  // namespace initscan
