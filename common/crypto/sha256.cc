#include "common/crypto/sha256.h"

#include <array>
#include <new>

#include <openssl/evp.h>

namespace initscan {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  // SHA-256 of the default provider can only fail if there is no memory.
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::bad_alloc();
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

}  // namespace initscan
