#pragma once

#include "common/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace initscan {

// Where a server listens.
struct ListenAddress {
  std::string address;  // without brackets
  std::uint16_t port = 0;

  bool operator==(const ListenAddress&) const = default;
};

/// Reads "127.0.0.1:8443" or "[::1]:8443". Errors: usage.
Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace initscan
