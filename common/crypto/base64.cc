#include "common/crypto/base64.h"

#include <algorithm>

#include <openssl/evp.h>

namespace initscan {
namespace {

// OpenSSL counts in int: longer texts go through it in pieces that need no padding.
constexpr std::size_t kPiece = 3 << 20;             // bytes
constexpr std::size_t kTextPiece = kPiece / 3 * 4;  // characters

bool is_of_alphabet(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

unsigned char* bytes_of(std::string& text, std::size_t at) {
  return reinterpret_cast<unsigned char*>(text.data() + at);
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  for (std::size_t at = 0; !bytes.empty(); at += kTextPiece) {
    const std::string_view piece = bytes.substr(0, kPiece);
    // The zero that it puts behind is where the next piece begins, or the string's own.
    EVP_EncodeBlock(bytes_of(text, at), reinterpret_cast<const unsigned char*>(piece.data()),
                    static_cast<int>(piece.size()));
    bytes.remove_prefix(piece.size());
  }
  return text;
}

Result<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return Error{Errc::malformed, "base64 whose length is not a multiple of four"};
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  // OpenSSL would take blanks and line breaks at the ends, and padding in the middle.
  const std::string_view data = text.substr(0, text.size() - padding);
  if (const auto foreign = std::find_if_not(data.begin(), data.end(), is_of_alphabet); foreign != data.end()) {
    return Error{Errc::malformed, "not base64 at character " + std::to_string(foreign - data.begin() + 1)};
  }
  std::string bytes(text.size() / 4 * 3, '\0');
  for (std::size_t at = 0; at < text.size(); at += kTextPiece) {
    const std::string_view piece = text.substr(at, kTextPiece);
    EVP_DecodeBlock(bytes_of(bytes, at / 4 * 3), reinterpret_cast<const unsigned char*>(piece.data()),
                    static_cast<int>(piece.size()));
  }
  bytes.resize(bytes.size() - padding);
  if (base64_encode(bytes) != text) return Error{Errc::malformed, "base64 that is not in canonical form"};
  return bytes;
}

}  // namespace initscan
