#include "server/api/json_body.h"

#include "common/json/element.h"

namespace initscan::server {

namespace dom = simdjson::dom;

Result<dom::element> parse_body(dom::parser& parser, std::string_view json, std::size_t nesting,
                                std::string_view schema, std::string_view what) {
  if (json.empty()) return malformed("not JSON: there is nothing");  // of which there may be no address, either
  if (parser.allocate(json.size(), nesting) != simdjson::SUCCESS) {
    return Error{Errc::over_limit, "not enough memory for " + std::string(what)};
  }
  dom::element root;
  if (const auto error = parser.parse(json.data(), json.size()).get(root); error != simdjson::SUCCESS) {
    return malformed(std::string("not JSON: ") + simdjson::error_message(error));
  }
  if (!root.is_object()) return malformed("want an object");
  if (text_in(root, "schema") != schema) {
    return Error{Errc::unsupported, "schema: want \"" + std::string(schema) + '"'};
  }
  return root;
}

}  // namespace initscan::server
