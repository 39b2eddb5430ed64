#pragma once

#include "common/crypto/peer_certificate.h"
#include "common/result.h"
#include "server/auth/identity.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::server {

inline constexpr std::size_t kMaxTokenFileBytes = 1 << 20;
inline constexpr std::size_t kMaxTokens = 1000;
inline constexpr std::size_t kMaxTokenName = 63;

// Those who are outside of Kubernetes: names, what they may do, and how they prove who they are. No token is in it.
class TokenTable {
 public:
  /// Whose token it is; nullopt: nobody's. Takes the same time whoever it is.
  std::optional<Identity> find(std::string_view token) const;

  /// Whose certificate it is that says these names of its owner, as PeerCertificate has them; nullopt: nobody's. Of
  /// several the first in the file.
  std::optional<Identity> find_certificate(const std::vector<std::string>& names) const;

  std::size_t size() const { return entries_.size(); }

 private:
  friend Result<TokenTable> parse_token_file(std::string_view text);

  struct Entry {
    Identity identity;
    std::string proof;  // the SHA-256 of a token, or a name in a certificate
  };
  std::vector<Entry> entries_;
};

/// Reads lines of three words: a name, scopes separated by commas, and the SHA-256 of the token in hexadecimal, or what
/// the client's certificate says. Empty lines and those that begin with '#' say nothing.
///
///   ci       scan,index  9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
///   gate     report      DNS:gate.example.com
///
/// Errors: malformed, over_limit - with the line.
Result<TokenTable> parse_token_file(std::string_view text);

}  // namespace initscan::server
