#include "audit/collect/json_parse.h"

#include "common/json/parse_dom.h"

namespace initscan::audit {
namespace {

constexpr std::size_t kFirstBytes = 64 << 10;  // of a parser; it grows

}  // namespace

Result<simdjson::dom::element> parse_json(std::string_view json, simdjson::dom::parser& parser) {
  const bool is_new = parser.max_depth() != kMaxObjectDepth;
  if (is_new && parser.allocate(kFirstBytes, kMaxObjectDepth) != simdjson::SUCCESS) {
    return Error{Errc::over_limit, "not enough memory for a parser"};
  }
  return parse_dom(parser, json);
}

}  // namespace initscan::audit
