#pragma once

#include "common/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <simdjson.h>

namespace initscan {

// The fields of one JSON object that a reader wants. A wanted key that is given twice is an error: readers differ in
// which of the two they take, and each could be shown its own. So is a text that is something else.
class JsonFields {
 public:
  JsonFields(std::string place, std::initializer_list<std::string_view> wanted);

  /// Errors: malformed, with the place.
  Result<void> read(const simdjson::dom::element& object);

  /// The value of a wanted key; nullptr where there is none.
  const simdjson::dom::element* at(std::string_view key) const;

  /// "" where there is none or null. Errors: malformed - not a string.
  Result<std::string_view> text(std::string_view key) const;

  /// The elements of a list, none where there is no such key or it is null. Errors: malformed - not an array.
  Result<std::vector<simdjson::dom::element>> list(std::string_view key) const;

 private:
  std::string place_;  // "component 7: "
  std::vector<std::pair<std::string_view, simdjson::dom::element>> found_;
  std::vector<std::string_view> wanted_;
};

}  // namespace initscan
