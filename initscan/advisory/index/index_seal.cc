#include "initscan/advisory/index/index_seal.h"

#include "common/crypto/openssl_free.h"
#include "common/crypto/sha256.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace initscan {
namespace {

using Key = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, OpensslFree<BIO_free_all>>;
using Context = std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX_free>>;

// OpenSSL would ask the terminal.
int no_password(char*, int, int, void*) {
  return 0;
}

Key read_key(std::string_view pem, decltype(&PEM_read_bio_PUBKEY) read) {
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(memory == nullptr ? nullptr : read(memory.get(), nullptr, no_password, nullptr));
  if (key != nullptr && EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) key.reset();
  return key;
}

std::string signed_text(const std::array<unsigned char, kDigestBytes>& digest) {
  std::string text(kSignedHead);
  text.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  return text;
}

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

template <std::size_t n>
bool is_all_zero(const std::array<unsigned char, n>& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](unsigned char byte) { return byte == 0; });
}

bool public_part(const Key& key, PublicKey& out) {
  std::size_t size = out.size();
  return EVP_PKEY_get_raw_public_key(key.get(), out.data(), &size) == 1 && size == out.size();
}

bool is_signed_rightly(const SealRecord& seal) {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, seal.key.data(), seal.key.size()));
  const Context context(EVP_MD_CTX_new());
  const std::string text = signed_text(seal.digest);
  return key != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), seal.signature.data(), seal.signature.size(), bytes_of(text), text.size()) ==
             1;
}

Error no_signing_key() {
  return {Errc::malformed,
          "not a private Ed25519 key in PEM without a password; make one with openssl genpkey -algorithm ed25519"};
}

}  // namespace

Result<void> sign_index(std::string& bytes, std::string_view pem) {
  const Key key = read_key(pem, PEM_read_bio_PrivateKey);
  SealRecord seal;
  const Context context(EVP_MD_CTX_new());
  if (key == nullptr || context == nullptr || !public_part(key, seal.key)) return no_signing_key();
  char* const place = bytes.data() + bytes.size() - sizeof seal;
  std::memcpy(seal.digest.data(), place + offsetof(SealRecord, digest), seal.digest.size());
  const std::string text = signed_text(seal.digest);
  std::size_t size = seal.signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), seal.signature.data(), &size, bytes_of(text), text.size()) != 1) {
    return Error{Errc::malformed, "the key signs nothing"};
  }
  std::memcpy(place, &seal, sizeof seal);
  return {};
}

Result<void> check_signing_key(std::string_view pem) {
  if (read_key(pem, PEM_read_bio_PrivateKey) == nullptr) return no_signing_key();
  return {};
}

Result<PublicKey> read_public_key(std::string_view pem) {
  const Key key = read_key(pem, PEM_read_bio_PUBKEY);
  PublicKey bytes{};
  if (key == nullptr || !public_part(key, bytes)) {
    return Error{Errc::malformed, "not a public Ed25519 key in PEM; openssl pkey -pubout makes one of the private key"};
  }
  return bytes;
}

Result<Seal> check_seal(const AdvisoryIndex& index) {
  const auto bytes = index.sealed_bytes();
  if (!bytes) return bytes.error();
  const auto seal = index.seal();
  if (!seal) return seal.error();
  if (sha256(*bytes) != seal->digest) {
    return Error{Errc::malformed, "damaged: its digest; build or fetch the index again"};
  }
  Seal checked{hex_digits(seal->digest)};
  if (is_all_zero(seal->key) && is_all_zero(seal->signature)) return checked;
  if (!is_signed_rightly(*seal)) {
    return Error{Errc::malformed, "its signature is wrong: whoever changed it has not the key; fetch the index again"};
  }
  checked.signed_by = seal->key;
  return checked;
}

}  // namespace initscan
