#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace initscan {

// Members of an object that others wrote, in a tree of nlohmann's; element.h has the same for simdjson's elements. What
// is missing or of another type reads as empty, or as what the caller takes it for. Who must tell apart what is missing
// and what is wrong reads by a reader with errors.

/// null where it is missing.
inline const nlohmann::json& value_in(const nlohmann::json& object, std::string_view key) {
  static const nlohmann::json kNone;
  if (!object.is_object()) return kNone;
  const auto found = object.find(key);
  return found != object.end() ? *found : kNone;
}

inline const nlohmann::json& object_in(const nlohmann::json& object, std::string_view key) {
  static const nlohmann::json kNone = nlohmann::json::object();
  const nlohmann::json& value = value_in(object, key);
  return value.is_object() ? value : kNone;
}

inline const nlohmann::json& list_in(const nlohmann::json& object, std::string_view key) {
  static const nlohmann::json kNone = nlohmann::json::array();
  const nlohmann::json& value = value_in(object, key);
  return value.is_array() ? value : kNone;
}

inline std::string text_in(const nlohmann::json& object, std::string_view key, std::string_view otherwise = {}) {
  const nlohmann::json& value = value_in(object, key);
  return value.is_string() ? value.get<std::string>() : std::string(otherwise);
}

inline std::int64_t number_in(const nlohmann::json& object, std::string_view key, std::int64_t otherwise = 0) {
  const nlohmann::json& value = value_in(object, key);
  return value.is_number_integer() ? value.get<std::int64_t>() : otherwise;
}

inline bool flag_in(const nlohmann::json& object, std::string_view key, bool otherwise = false) {
  const nlohmann::json& value = value_in(object, key);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}

/// The texts of a list; what else is in it is left out.
inline std::vector<std::string> texts_in(const nlohmann::json& object, std::string_view key) {
  std::vector<std::string> texts;
  for (const nlohmann::json& item : list_in(object, key)) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

}  // namespace initscan
