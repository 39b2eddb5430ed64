#pragma once

#include "common/result.h"

#include <cstddef>
#include <string>
#include <string_view>

#include <simdjson.h>

namespace initscan::server {

inline Error malformed(std::string what) {
  return {Errc::malformed, std::move(what)};
}

/// What of a request's body has to be as all are: an object, with `schema` as its "schema". It is valid as long as
/// `parser` is. `what` it is, for people: "the report". Errors: malformed; unsupported - another schema; over_limit.
Result<simdjson::dom::element> parse_body(simdjson::dom::parser& parser, std::string_view json, std::size_t nesting,
                                          std::string_view schema, std::string_view what);

}  // namespace initscan::server
