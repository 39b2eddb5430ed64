#pragma once

#include "injector/certificates/authority.h"

#include <chrono>
#include <string>
#include <vector>

namespace initscan::injector {

// What is in the Secret: everything that all replicas must agree on.
struct TlsState {
  KeyPair authority;   // signs leaves
  KeyPair next;        // the authority that will sign once everyone trusts it; mostly empty
  KeyPair leaf;        // what the webhook serves
  std::string bundle;  // what the API server is to trust: both authorities, and those before while they last

  bool operator==(const TlsState&) const = default;
};

struct TlsLives {
  std::chrono::seconds authority = std::chrono::days(365);
  std::chrono::seconds leaf = std::chrono::days(30);

  // How long a new authority is only trusted before it signs: the API server has to have heard of it.
  std::chrono::seconds settle = std::chrono::minutes(5);
};

/// The state that follows from `state` now; equal to it when there is nothing to do. Each part is replaced after
/// two thirds of its life. An authority is first trusted along with the old one, then signs, then the old one is
/// dropped when it ends: at no moment is a leaf served that the bundle before does not trust.
/// A part that is missing or cannot be read is made again. Errors: io - OpenSSL cannot make keys.
Result<TlsState> plan(TlsState state, const std::vector<std::string>& names, std::chrono::sys_seconds now,
                      const TlsLives& lives);

}  // namespace initscan::injector
