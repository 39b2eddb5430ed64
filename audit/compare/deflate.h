#pragma once

#include "audit/compare/compare.h"
#include "common/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace initscan::audit {

// Compresses piece by piece (zlib's format, RFC 1950, which ends in a check sum).
class Deflater {
 public:
  Deflater();
  ~Deflater();

  void put(std::string_view bytes);
  std::string finish();

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

/// Hands on what comes out. Errors: malformed - damaged; over_limit - it would be larger than `most`; the taker's.
Result<void> inflate(std::string_view bytes, std::size_t most, const TakeBytes& take);

}  // namespace initscan::audit
