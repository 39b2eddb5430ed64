#pragma once

#include "common/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace initscan::server {

inline constexpr std::size_t kMaxDocumentBytes = 16 << 20;  // of a body, unpacked
// JSON becomes a twentieth, and what lists the same again and again a hundredth; what becomes less is made to burst.
inline constexpr std::size_t kMaxRatio = 200;
inline constexpr std::size_t kMaxValues = 1'500'000;    // of JSON: the densest SBOMs of this size have fewer
inline constexpr std::size_t kAlwaysAllowed = 1 << 20;  // unpacked bytes, whatever the ratio

/// A body as it was before its Content-Encoding: "" or "identity", "gzip", "zstd". One stream, and nothing behind it.
/// Errors: unsupported - another encoding; malformed, truncated; over_limit - more than kMaxDocumentBytes, or too many
/// for what was sent.
Result<std::string> decode_body(std::string_view encoding, std::string body);

/// The same where it becomes no more than `most` bytes. nullopt: it becomes more, as far as was looked, and `body` is
/// as it was.
Result<std::optional<std::string>> decode_body_within(std::size_t most, std::string_view encoding, std::string& body);

/// Errors: over_limit - the JSON of a body may have more than kMaxValues.
Result<void> check_values(std::string_view json);

}  // namespace initscan::server
