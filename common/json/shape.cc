#include "common/json/shape.h"

#include <string>

namespace initscan {

std::size_t end_of_json_string(std::string_view json, std::size_t start) {
  for (std::size_t i = start; i < json.size(); ++i) {
    if (json[i] == '"') return i + 1;
    if (json[i] == '\\') ++i;
  }
  return json.size();
}

Result<void> check_json_shape(std::string_view json, const JsonLimits& limits) {
  std::size_t depth = 0;
  std::size_t values = 0;
  for (std::size_t i = 0; i < json.size();) {
    switch (json[i++]) {
      case '"': i = end_of_json_string(json, i); continue;
      case '{':
      case '[':
        if (++depth > limits.nesting) {
          return Error{Errc::over_limit, "JSON nested more than " + std::to_string(limits.nesting) + " deep"};
        }
        break;
      case '}':
      case ']':
        if (depth > 0) --depth;
        continue;
      case ',': break;
      default: continue;
    }
    if (++values > limits.values) {
      return Error{Errc::over_limit, "JSON of more than " + std::to_string(limits.values) + " values"};
    }
  }
  return {};
}

}  // namespace initscan
