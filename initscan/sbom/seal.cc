#include "initscan/sbom/seal.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <sys/random.h>

namespace initscan {

Result<std::string> make_nonce() {
  std::string nonce(kNonceBytes, '\0');
  // Up to 256 bytes come whole or not at all.
  if (getrandom(nonce.data(), nonce.size(), 0) != static_cast<ssize_t>(nonce.size())) {
    return Error{Errc::io, std::string("getrandom: ") + std::strerror(errno)};
  }
  return nonce;
}

std::string seal_of(std::string_view nonce, std::string_view bytes) {
  const auto octets = [](std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); };
  hmac_sha256_ctx context;
  nettle_hmac_sha256_set_key(&context, nonce.size(), octets(nonce));
  nettle_hmac_sha256_update(&context, bytes.size(), octets(bytes));
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
  nettle_hmac_sha256_digest(&context, digest.size(), digest.data());

  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const std::uint8_t byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

bool is_sealed(std::string_view nonce, std::string_view bytes, std::string_view seal) {
  if (seal.ends_with('\n')) seal.remove_suffix(1);
  const std::string want = seal_of(nonce, bytes);
  return seal.size() == want.size() && nettle_memeql_sec(seal.data(), want.data(), want.size()) == 1;
}

Result<void> check_nonce(std::string_view nonce) {
  if (nonce.size() == kNonceBytes) return {};
  return Error{Errc::malformed, "want the " + std::to_string(kNonceBytes) +
                                    " bytes that `initscan install --seal` writes, got " +
                                    std::to_string(nonce.size())};
}

}  // namespace initscan
