#pragma once

#include "common/json/shape.h"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace initscan {

/// Parses what others wrote. The one way to a tree of nlohmann's from outside: its parser takes any depth, and copying,
/// comparing or writing such a tree then runs out of stack.
/// Errors: over_limit; malformed, with the place. `json` is as it was then.
template <class Json>
Result<void> parse_json(std::string_view text, Json& json, const JsonLimits& limits = {}) {
  if (auto shape = check_json_shape(text, limits); !shape) return shape;
  try {
    json = Json::parse(text);
  } catch (const typename Json::exception& e) { return Error{Errc::malformed, std::string("not JSON: ") + e.what()}; }
  return {};
}

/// The same where what cannot be read is as good as null.
inline nlohmann::json json_or_null(std::string_view text, const JsonLimits& limits = {}) {
  nlohmann::json json;
  const auto parsed = parse_json(text, json, limits);
  return parsed ? json : nlohmann::json();
}

}  // namespace initscan
