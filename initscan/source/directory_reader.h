#pragma once

#include "common/descriptor.h"

#include <cstddef>
#include <memory>
#include <optional>

namespace initscan {

// Reads a folder entry by entry with getdents64(2) and a buffer of its own, so that a folder of a million
// entries costs no more memory than one of ten.
class DirectoryReader {
 public:
  struct Entry {
    const char* name;    // until the next call
    unsigned char type;  // DT_DIR, DT_REG, DT_UNKNOWN, ...
  };

  explicit DirectoryReader(Descriptor folder) : folder_(std::move(folder)) {}

  /// The next entry, without "." and ".."; nullopt at the end and after an error.
  std::optional<Entry> next();

  int error() const { return error_; }  // errno of a failed read, or 0
  int fd() const { return folder_.fd(); }

 private:
  static constexpr std::size_t kBufferBytes = 32 << 10;

  Descriptor folder_;
  std::unique_ptr<char[]> buffer_;
  std::size_t filled_ = 0;
  std::size_t next_ = 0;
  int error_ = 0;
};

}  // namespace initscan
