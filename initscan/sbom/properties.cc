#include "initscan/sbom/properties.h"

namespace initscan {

Result<std::vector<Property>> properties_of(const JsonFields& fields, const std::string& place) {
  const auto list = fields.list("properties");
  if (!list) return list.error();
  std::vector<Property> properties;
  for (const simdjson::dom::element& element : *list) {
    JsonFields property(place + "a property: ", {"name", "value"});
    if (auto read = property.read(element); !read) return read.error();
    const auto name = property.text("name");
    if (!name) return name.error();
    const auto value = property.text("value");
    if (!value) return value.error();
    properties.emplace_back(*name, *value);
  }
  return properties;
}

}  // namespace initscan
