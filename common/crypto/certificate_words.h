#pragma once

#include "common/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan {

inline constexpr std::size_t kMaxCertificateWords = 12 << 10;  // bytes: seven authorities with keys of RSA 4096

/// The certificates of a PEM text, each once, as they fit into one argument of a program: DER in base64, separated by
/// commas. What else the text says is left out.
/// Errors: malformed - there is none, or one cannot be read; over_limit - more than kMaxCertificateWords.
Result<std::string> certificate_words_of(const std::string& pem);

/// The opposite: PEM. Whether they are certificates is for whoever uses them to find out.
/// Errors: malformed - no base64; over_limit - as above.
Result<std::string> pem_of_certificate_words(std::string_view words);

}  // namespace initscan
