#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace initscan {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;  // names and values

/// The value of the first of that name, in lower case as the client gives them; nullptr: none.
inline const std::string* find_header(const HttpHeaders& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& one) { return one.first == name; });
  return found == headers.end() ? nullptr : &found->second;
}

}  // namespace initscan
