#include "common/http/refusal.h"

namespace initscan {

std::string_view to_string(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::bad_request: return "bad-request";
    case RefusalReason::framing: return "framing";
    case RefusalReason::header_too_large: return "header-too-large";
    case RefusalReason::body_too_large: return "body-too-large";
    case RefusalReason::overload: return "overload";
    case RefusalReason::evicted: return "evicted";
    case RefusalReason::timeout: return "timeout";
    case RefusalReason::handshake: return "handshake";
    case RefusalReason::no_room: return "no-room";
    case RefusalReason::address_limit: return "address-limit";
  }
  return "";
}

}  // namespace initscan
