#pragma once

#include "common/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan::server {

inline constexpr std::size_t kMaxDocumentBytes = 16 << 20;  // of a body, unpacked
// JSON becomes a twentieth, and what lists the same again and again a hundredth; what becomes less is made to burst.
inline constexpr std::size_t kMaxRatio = 200;
inline constexpr std::size_t kAlwaysAllowed = 1 << 20;  // unpacked bytes, whatever the ratio

/// A body as it was before its Content-Encoding: "" or "identity", "gzip", "zstd". One stream, and nothing behind it.
/// Errors: unsupported - another encoding; malformed, truncated; over_limit - more than kMaxDocumentBytes, or too many
/// for what was sent.
Result<std::string> decode_body(std::string_view encoding, std::string body);

}  // namespace initscan::server
