#pragma once

#include "common/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan {

// How the gate knows that an SBOM is the collector's: both know a nonce that `install` made for this pod, and nothing
// that the image brings can. The collector writes the SBOM's HMAC next to it.

inline constexpr std::size_t kNonceBytes = 32;
inline constexpr std::string_view kNonceName = "nonce";   // in the folders that `install` fills
inline constexpr std::string_view kSealSuffix = ".hmac";  // of the file next to the SBOM
inline constexpr std::size_t kMaxSealBytes = 64 + 1;      // hexadecimal digits, and maybe a line break

/// A new nonce, from the kernel. Errors: io.
Result<std::string> make_nonce();

/// HMAC-SHA256 (RFC 2104) of `bytes` as 64 lower-case hexadecimal digits.
std::string seal_of(std::string_view nonce, std::string_view bytes);

/// Whether `seal`, as it was read, is that of `bytes`. Takes the same time whatever is wrong.
bool is_sealed(std::string_view nonce, std::string_view bytes, std::string_view seal);

/// Errors: malformed - of another length than a nonce has.
Result<void> check_nonce(std::string_view nonce);

}  // namespace initscan
