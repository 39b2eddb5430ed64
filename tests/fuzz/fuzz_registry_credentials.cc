// Files with credentials, and answers with tokens: what is taken can stand in a header.
#include "initscan/registry/credentials.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto is_odd = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (const auto token = initscan::token_in(text)) {
    if (token->empty() || std::any_of(token->begin(), token->end(), is_odd)) std::abort();
  }
  const auto found = initscan::credentials_in(text, "registry.example.com:5000", "security/advisories");
  if (!found || !*found) return 0;
  const auto& [user, password] = **found;
  if (user.empty() || user.find(':') != user.npos || std::any_of(user.begin(), user.end(), is_odd) ||
      std::any_of(password.begin(), password.end(), is_odd)) {
    std::abort();
  }
  return 0;
}
