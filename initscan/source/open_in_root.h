#pragma once

#include "common/descriptor.h"
#include "common/result.h"

#include <cstdint>
#include <string>

namespace initscan {

/// openat2(2) below `folder` with O_CLOEXEC, O_NONBLOCK and O_NOCTTY added to `flags`; errno where it fails.
Descriptor open_below(int folder, const char* path, int flags, std::uint64_t resolve);

/// A path anywhere in the root: links are followed, and stay inside it.
Descriptor open_in_root(int root, const std::string& path, int flags);

/// /proc/self/fd, by which what was looked at is opened, and nothing that took its place; not open where no /proc is
/// mounted.
Descriptor own_open_files();

/// Opens the regular file that `place` (O_PATH) is of for reading; `own_files`: own_open_files().
Descriptor reopen(int own_files, int place);

/// Whether the file system behind `fd` shows kernel state instead of files of the image (proc, sysfs, ...).
bool is_pseudo_file_system(int fd);

/// "cannot WHAT: the system's reason for `error`", as an Error of kind io (malformed for a loop of links).
Error system_error(std::string_view what, int error);

}  // namespace initscan
