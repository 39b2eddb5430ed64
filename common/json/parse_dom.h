#pragma once

#include "common/result.h"

#include <string>
#include <string_view>

#include <simdjson.h>

namespace initscan {

/// Parses with simdjson what others wrote. The one way to its elements: of an empty document, which may have no address
/// at all, simdjson copies from that address before it looks at the length.
/// Errors: malformed. The element is valid until `parser` parses again.
inline Result<simdjson::dom::element> parse_dom(simdjson::dom::parser& parser, std::string_view json) {
  if (json.empty()) return Error{Errc::malformed, "not JSON: there is nothing"};
  simdjson::dom::element root;
  if (const auto error = parser.parse(json.data(), json.size()).get(root); error != simdjson::SUCCESS) {
    return Error{Errc::malformed, std::string("not JSON: ") + simdjson::error_message(error)};
  }
  return root;
}

}  // namespace initscan
