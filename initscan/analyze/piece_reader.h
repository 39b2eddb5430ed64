#pragma once

#include "common/result.h"
#include "initscan/model/file_view.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace initscan {

inline constexpr std::size_t kReadAheadBytes = 64 << 10;

// Reads small pieces of a file, which lie close to each other, with few system calls. The file outlives it.
class PieceReader {
 public:
  explicit PieceReader(const FileView& file) : file_(&file) {}

  std::uint64_t size() const { return file_->size(); }

  /// All of a piece; its bytes are there until the next call. Errors (without the path): io; truncated - the file ends
  /// before.
  Result<std::string_view> read(std::uint64_t offset, std::size_t bytes);

 private:
  const FileView* file_;
  std::string window_;
  std::uint64_t start_ = 0;  // of the window, in the file
};

}  // namespace initscan
