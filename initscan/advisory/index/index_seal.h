#pragma once

#include "common/result.h"
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/index/index_format.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace initscan {

using PublicKey = std::array<unsigned char, kKeyBytes>;

/// Signs the bytes of a whole index in its own seal, so that one file is carried. `key`: a private Ed25519 key in PEM,
/// without a password. Errors: malformed - no such key.
Result<void> sign_index(std::string& bytes, std::string_view key);

/// Whether sign_index() takes a key. Errors: malformed.
Result<void> check_signing_key(std::string_view key);

/// A public Ed25519 key in PEM. Errors: malformed.
Result<PublicKey> read_public_key(std::string_view pem);

// Who signed an index.
struct Seal {
  std::string sha256;                    // hexadecimal
  std::optional<PublicKey> signed_by{};  // the signature is right; nullopt: nobody signed
};

/// Reads and checks all of an index, its digest and its signature, where it has one. Whose key it is says nothing of
/// whose it should be. Errors: io; malformed - damaged, or a signature that is wrong.
Result<Seal> check_seal(const AdvisoryIndex& index);

}  // namespace initscan
