#pragma once

#include "common/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace initscan {

// The files of one image as analyzers see them: source/ reads real ones, tests give their own.
// Paths are relative to the image's root, without a leading slash.
class ImageFiles {
 public:
  virtual ~ImageFiles() = default;

  /// The content of a regular file of at most `max_bytes` bytes; nullopt where there is no such file.
  /// Errors (without the path): io - it is there and may not be read; unsupported - not a regular file;
  /// malformed - a loop of symbolic links, or one that leads nowhere; over_limit.
  virtual Result<std::optional<std::string>> read(const std::string& path, std::size_t max_bytes) const = 0;

  /// Whether anything of this name is there, a link followed; opens nothing. Errors: io, malformed - that cannot be
  /// found out.
  virtual Result<bool> exists(const std::string& path) const = 0;

  /// The sorted names in a folder, at most `max_names`; nullopt where there is no such folder. Errors: as read().
  virtual Result<std::optional<std::vector<std::string>>> list(const std::string& path,
                                                               std::size_t max_names) const = 0;
};

}  // namespace initscan
