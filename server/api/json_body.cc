#include "server/api/json_body.h"

#include "common/json/element.h"
#include "common/json/parse_dom.h"

namespace initscan::server {

namespace dom = simdjson::dom;

Result<dom::element> parse_body(dom::parser& parser, std::string_view json, std::size_t nesting,
                                std::string_view schema, std::string_view what) {
  if (parser.allocate(json.size(), nesting) != simdjson::SUCCESS) {
    return Error{Errc::over_limit, "not enough memory for " + std::string(what)};
  }
  const auto root = parse_dom(parser, json);
  if (!root) return root.error();
  if (!root->is_object()) return malformed("want an object");
  if (text_in(*root, "schema") != schema) {
    return Error{Errc::unsupported, "schema: want \"" + std::string(schema) + '"'};
  }
  return *root;
}

}  // namespace initscan::server
