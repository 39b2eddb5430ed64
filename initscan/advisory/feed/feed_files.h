#pragma once

#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace initscan {

inline constexpr std::size_t kMaxFeedFileBytes = 256 << 20;  // one file, unpacked
inline constexpr std::uint64_t kMaxFeedBytes = 16ull << 30;  // all files, unpacked
inline constexpr std::uint64_t kMaxFeedFiles = 5'000'000;

/// Visits the files of a feed: of a folder, a zip or a tar those that `wanted` chooses by name, a folder's in the order
/// of their names, an archive's in its own; or the one file that `path` is. A tar and a file may be packed by gzip,
/// zstd, bzip2 or xz. Nothing is unpacked to disk, links are not followed. Errors name the file inside: io, malformed,
/// over_limit, and what `visit` returns.
Result<void> for_each_feed_file(const std::string& path, const std::function<bool(std::string_view name)>& wanted,
                                const std::function<Result<void>(std::string_view bytes)>& visit);

}  // namespace initscan
