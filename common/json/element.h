#pragma once

#include <concepts>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace initscan {

// Members of an object that others wrote, as parts.h reads them, in what simdjson parsed: an element, or a step further
// down, as `pod["metadata"]`, which may have led nowhere. Texts are valid as long as the element is.
template <class Object>
concept JsonElement = std::same_as<Object, simdjson::dom::element> ||
    std::same_as<Object, simdjson::simdjson_result<simdjson::dom::element>>;

template <JsonElement Object>
std::string_view text_in(const Object& object, std::string_view key, std::string_view otherwise = {}) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? text : otherwise;
}

template <JsonElement Object>
bool flag_in(const Object& object, std::string_view key, bool otherwise = false) {
  bool flag = false;
  return object[key].get(flag) == simdjson::SUCCESS ? flag : otherwise;
}

/// The texts of a list; what else is in it is left out.
template <JsonElement Object>
std::vector<std::string_view> texts_in(const Object& object, std::string_view key) {
  std::vector<std::string_view> texts;
  simdjson::dom::array list;
  if (object[key].get(list) != simdjson::SUCCESS) return texts;
  for (const simdjson::dom::element item : list) {
    std::string_view text;
    if (item.get(text) == simdjson::SUCCESS) texts.push_back(text);
  }
  return texts;
}

}  // namespace initscan
