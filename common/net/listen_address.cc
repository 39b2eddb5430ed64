#include "common/net/listen_address.h"

#include <charconv>

namespace initscan {

Result<ListenAddress> parse_listen_address(std::string_view text) {
  const Error error{Errc::usage, "want ADDRESS:PORT, got \"" + std::string(text) + '"'};
  const std::size_t colon = text.rfind(':');
  if (colon == 0 || colon == text.npos) return error;
  ListenAddress listen;
  const char* const end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data() + colon + 1, end, listen.port);
  if (fault != std::errc() || rest != end) return error;
  std::string_view address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  listen.address = address;
  return listen;
}

}  // namespace initscan
