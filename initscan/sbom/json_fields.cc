#include "initscan/sbom/json_fields.h"

#include <algorithm>

namespace initscan {

namespace dom = simdjson::dom;

JsonFields::JsonFields(std::string place, std::initializer_list<std::string_view> wanted)
    : place_(std::move(place)), wanted_(wanted) {
  found_.reserve(wanted.size());
}

Result<void> JsonFields::read(const dom::element& object) {
  dom::object fields;
  if (object.get(fields) != simdjson::SUCCESS) return Error{Errc::malformed, place_ + "not an object"};
  for (const dom::key_value_pair field : fields) {
    const auto key = std::find(wanted_.begin(), wanted_.end(), field.key);
    if (key == wanted_.end()) continue;
    if (at(*key) != nullptr) return Error{Errc::malformed, place_ + std::string(*key) + " is given twice"};
    found_.emplace_back(*key, field.value);
  }
  return {};
}

const dom::element* JsonFields::at(std::string_view key) const {
  for (const auto& [own_key, value] : found_) {
    if (own_key == key) return &value;
  }
  return nullptr;
}

Result<std::string_view> JsonFields::text(std::string_view key) const {
  const dom::element* const value = at(key);
  std::string_view text;
  if (value == nullptr || value->is_null() || value->get(text) == simdjson::SUCCESS) return text;
  return Error{Errc::malformed, place_ + std::string(key) + ": not a string"};
}

Result<std::vector<dom::element>> JsonFields::list(std::string_view key) const {
  std::vector<dom::element> elements;
  const dom::element* const value = at(key);
  if (value == nullptr || value->is_null()) return elements;
  dom::array array;
  if (value->get(array) != simdjson::SUCCESS) {
    return Error{Errc::malformed, place_ + std::string(key) + ": not an array"};
  }
  for (const dom::element element : array) elements.push_back(element);
  return elements;
}

}  // namespace initscan
