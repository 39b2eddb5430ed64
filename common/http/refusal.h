#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace initscan {

// Why a connection got no answer of the handler's.
enum class RefusalReason : std::uint8_t {
  bad_request,       // 400
  framing,           // 400: chunk extensions and trailers without an end
  header_too_large,  // 431
  body_too_large,    // 413
  overload,          // 503: no room for the body, or for what a handler has to do
  evicted,           // 503: it was the slowest when room was needed
  timeout,           // it did not come in time; 503: its handler waited for too long
  handshake,         // no TLS was spoken
  no_room,           // closed unheard: too many connections, or no certificate yet
  address_limit      // closed unheard: too many connections of one address
};

inline constexpr std::array kRefusalReasons{RefusalReason::bad_request,      RefusalReason::framing,
                                            RefusalReason::header_too_large, RefusalReason::body_too_large,
                                            RefusalReason::overload,         RefusalReason::evicted,
                                            RefusalReason::timeout,          RefusalReason::handshake,
                                            RefusalReason::no_room,          RefusalReason::address_limit};

std::string_view to_string(RefusalReason reason);

struct Refusal {
  RefusalReason reason;
  std::string address;  // of the peer, without its port
};

}  // namespace initscan
