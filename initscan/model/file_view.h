#pragma once

#include "common/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace initscan {

// The bytes of one regular file of an image, read where somebody asks: a database of rpm, an archive or a program is
// not held as a whole.
class FileView {
 public:
  virtual ~FileView() = default;

  /// What the image says; the bytes may end before, or go on.
  virtual std::uint64_t size() const = 0;

  /// Fills `into` from `offset` on; fewer bytes only where the file ends. Errors (without the path): io.
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const = 0;
};

/// All of a file of at most `max_bytes` bytes. Errors (without the path): io, over_limit.
inline Result<std::string> read_whole(const FileView& file, std::size_t max_bytes) {
  const Error too_large{Errc::over_limit, "larger than the limit of " + std::to_string(max_bytes) + " bytes"};
  if (file.size() > max_bytes) return too_large;

  // One byte more than the file has: its end shows without a second round.
  std::string bytes(static_cast<std::size_t>(file.size()) + 1, '\0');
  for (std::size_t used = 0;;) {
    const auto read = file.read_at(used, std::span(bytes).subspan(used));
    if (!read) return read.error();
    used += *read;
    if (used > max_bytes) return too_large;
    if (used < bytes.size()) {
      bytes.resize(used);
      return bytes;
    }
    bytes.resize(std::min(2 * bytes.size(), max_bytes + 1));
  }
}

}  // namespace initscan
