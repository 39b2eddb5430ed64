#pragma once

#include "common/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan {

/// Reads a regular file, or standard input where `path` is "-", of at most `max_bytes` bytes.
/// Errors (without the path; the caller adds it with within()): io, over_limit.
/// For files of our own user: configuration, SBOMs. Files of an image are read through source/.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

/// Writes `bytes` so that a reader sees the old file or the whole new one: a temporary file beside it,
/// fsync, rename. "-" writes to standard output. Errors (without the path): io.
Result<void> write_file(const std::string& path, std::string_view bytes);

}  // namespace initscan
