#pragma once

#include <string>

namespace initscan {

// A body as it is sent.
struct Packed {
  std::string bytes;
  std::string encoding;  // as Content-Encoding names it; "": as it was
};

/// Makes a body smaller with zstd. What is small already stays as it is, and so does what would become so much smaller
/// that servers take it for a trap.
Packed pack(std::string body);

}  // namespace initscan
