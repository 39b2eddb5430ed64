#pragma once

#include "common/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace initscan {

inline constexpr std::size_t kMaxChallenges = 16;  // of one header
inline constexpr std::size_t kMaxParameters = 32;  // of one challenge

// What a registry asks for before it answers.
struct Challenge {
  std::string scheme;  // in lower case: "basic", "bearer"
  std::string realm;   // of bearer: the URL that gives tokens
  std::string service;

  bool operator==(const Challenge&) const = default;
};

/// Reads WWW-Authenticate (RFC 9110, section 11.6.1): challenges separated by commas, each a scheme and its parameters,
/// which commas separate as well. What is not known is passed over. Errors: malformed, over_limit.
Result<std::vector<Challenge>> read_challenges(std::string_view header);

}  // namespace initscan
