#pragma once

#include <string_view>

#include <simdjson.h>

namespace initscan {

/// A member of an object that others wrote, as text; "" where it is missing or of another type. Valid as long as
/// `object` is.
inline std::string_view text_in(const simdjson::dom::element& object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

}  // namespace initscan
