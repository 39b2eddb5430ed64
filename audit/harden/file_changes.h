#pragma once

#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

inline constexpr std::size_t kMaxFileChanges = 100'000;  // of one listing
inline constexpr std::size_t kMaxPathBytes = 4096;       // PATH_MAX

// One entry of a container's write layer against its image.
struct FileChange {
  enum class Kind : char { added = 'A', changed = 'C', deleted = 'D' };
  Kind kind = Kind::added;
  std::string path;           // absolute, without "." and "..", without a slash at its end
  bool is_directory = false;  // as far as the listing shows it: by a slash at the end

  // NOLINTNEXTLINE(modernize-use-nullptr): what clang makes of the default is no pointer
  auto operator<=>(const FileChange&) const = default;
};

/// Reads what `podman diff`, `docker diff` and a listing of an overlay's upper directory say: lines of "A /path",
/// "C /path" and "D /path"; empty lines and those that start with # are skipped. A directory that is an ancestor
/// of another entry need not be marked.
/// Errors: malformed - by line: another letter, a path that is not absolute or has "..", a null; over_limit.
Result<std::vector<FileChange>> parse_file_changes(std::string_view text);

}  // namespace initscan::audit
