#pragma once

#include "common/descriptor.h"
#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace initscan {

// What a request sends: bytes in memory, or a regular file that is read as it goes. It can be sent again.
class Upload {
 public:
  /// `file` is "" where `bytes` are meant; they outlive the upload. Errors (without the path): io.
  static Result<Upload> open(std::string_view bytes, const std::string& file);

  std::uint64_t size() const { return size_; }
  void seek(std::uint64_t offset) { offset_ = offset; }

  /// The next bytes into `to`; 0 at the end. Errors: io - also a file that has become shorter.
  Result<std::size_t> read(char* to, std::size_t room);

 private:
  Upload() = default;

  std::string_view bytes_;
  Descriptor file_;
  std::uint64_t size_ = 0;
  std::uint64_t offset_ = 0;
};

}  // namespace initscan
