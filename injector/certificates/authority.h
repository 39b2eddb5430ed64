#pragma once

#include "common/result.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::injector {

// A certificate and its private key, both PEM.
struct KeyPair {
  std::string certificate;
  std::string key;

  bool operator==(const KeyPair&) const = default;
};

struct Validity {
  std::chrono::sys_seconds begin;
  std::chrono::sys_seconds end;

  /// When to replace it: after two thirds of its life.
  std::chrono::sys_seconds renewal() const { return begin + (end - begin) * 2 / 3; }
};

/// A self-signed authority on ECDSA P-256 that can sign leaves and nothing else. It is valid from an hour before
/// `now`: the clocks of a cluster differ.
Result<KeyPair> make_authority(std::string_view common_name, std::chrono::sys_seconds now, std::chrono::seconds life);

/// A server's certificate for `names` (the first is its common name), signed by `authority`. It never outlives it.
Result<KeyPair> issue_leaf(const KeyPair& authority, const std::vector<std::string>& names,
                           std::chrono::sys_seconds now, std::chrono::seconds life);

/// Errors: malformed - no certificate in PEM.
Result<Validity> validity_of(const std::string& certificate_pem);

/// Whether the first certificate of `leaf_pem` was signed by one of those in `bundle_pem`, and names all `names`.
bool is_issued_by(const std::string& leaf_pem, const std::string& bundle_pem, const std::vector<std::string>& names);

}  // namespace initscan::injector
