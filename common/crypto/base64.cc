#include "common/crypto/base64.h"

#include <boost/beast/core/detail/base64.hpp>

namespace initscan {

namespace base64 = boost::beast::detail::base64;

std::string base64_encode(std::string_view bytes) {
  std::string text(base64::encoded_size(bytes.size()), '\0');
  text.resize(base64::encode(text.data(), bytes.data(), bytes.size()));
  return text;
}

Result<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return Error{Errc::malformed, "base64 of a length that is not a multiple of four"};
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::string bytes(base64::decoded_size(text.size()), '\0');
  const auto [written, read] = base64::decode(bytes.data(), text.data(), text.size());
  // Beast stops at the first character that is not of the alphabet; only the padding may be that.
  if (read + padding < text.size()) {
    return Error{Errc::malformed, "not base64 at character " + std::to_string(read + 1)};
  }
  bytes.resize(written);
  if (base64_encode(bytes) != text) return Error{Errc::malformed, "base64 that is not in its canonical form"};
  return bytes;
}

}  // namespace initscan
