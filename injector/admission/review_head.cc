#include "injector/admission/review_head.h"

#include "common/json/shape.h"

#include <algorithm>

namespace initscan::injector {
namespace {

constexpr std::size_t kRequestDepth = 2;  // of the request's members

// The place after the object or array that begins at `start`; the text's end if it does not end.
std::size_t end_of_value(std::string_view json, std::size_t start) {
  std::size_t depth = 0;
  for (std::size_t i = start; i < json.size();) {
    const char c = json[i++];
    if (c == '"') i = end_of_json_string(json, i);
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return i;
  }
  return json.size();
}

bool names_an_object(std::string_view key) {
  return key == "\"object\"" || key == "\"oldObject\"" || key == "\"options\"";
}

}  // namespace

std::string review_without_objects(std::string_view review) {
  std::string head;
  std::string_view last_string;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < review.size();) {
    const std::size_t start = i;
    const char c = review[i++];
    if (c == '"') {
      i = end_of_json_string(review, i);
      last_string = review.substr(start, i - start);
    } else if ((c == '{' || c == '[') && depth == kRequestDepth && names_an_object(last_string)) {
      i = end_of_value(review, start);
      head += "null";
      continue;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    } else if (c == ',') {
      last_string = {};
    }
    head += review.substr(start, i - start);
  }
  if (head.ends_with("null")) head.append(std::min(depth, kRequestDepth), '}');  // the text ended inside an object
  return head;
}

}  // namespace initscan::injector
