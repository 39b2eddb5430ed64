#include "common/json/beginning.h"

#include <algorithm>

namespace initscan {

std::string json_beginning(std::string_view json, std::size_t bytes, std::size_t nesting) {
  json = json.substr(0, bytes);
  std::string open;     // what closes each bracket, the innermost last
  std::size_t end = 0;  // before it everything is whole; as many brackets are open there as at the place looked at
  for (std::size_t i = 0; i < json.size();) {
    const char c = json[i++];
    if (c == '"') {
      i = end_of_json_string(json, i);
    } else if (c == ',') {
      end = i - 1;
    } else if (c == '{' || c == '[') {
      if (open.size() == nesting) break;
      open += c == '{' ? '}' : ']';
      end = i;
    } else if (c == '}' || c == ']') {
      if (open.empty() || open.back() != c) break;
      open.pop_back();
      end = i;
    }
  }
  std::reverse(open.begin(), open.end());
  return std::string(json.substr(0, end)) + open;
}

}  // namespace initscan
