#pragma once

#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::server {

inline constexpr std::size_t kMaxSegments = 8;         // of a path
inline constexpr std::size_t kMaxParameters = 16;      // of a query
inline constexpr std::size_t kMaxValueOfQuery = 1024;  // bytes, decoded

/// "/v1/images/sha256%3Aab" -> {"v1", "images", "sha256:ab"}. Nothing in it is "", "." or "..", a control character or
/// no UTF-8. Errors: malformed, over_limit.
Result<std::vector<std::string>> parse_path(std::string_view path);

/// "limit=10&after=sha256%3Aab" by name; '+' is a space. Errors: malformed - also a name that comes twice; over_limit.
using Parameters = std::map<std::string, std::string, std::less<>>;
Result<Parameters> parse_query(std::string_view query);

/// "" where there is none of that name.
std::string text_in(const Parameters& parameters, std::string_view name);

/// A count of 1 to `most`; `otherwise` where there is none of that name. Errors: malformed.
Result<std::size_t> count_in(const Parameters& parameters, std::string_view name, std::size_t otherwise,
                             std::size_t most);

/// A number that this server gave a row: 1 or more. nullopt: it is none.
std::optional<std::int64_t> row_number(std::string_view text);

/// The row behind which a page begins, which are numbered downwards; 0 where there is none of that name.
/// Errors: malformed.
Result<std::int64_t> number_in(const Parameters& parameters, std::string_view name);

}  // namespace initscan::server
