#include "audit/collect/json_parse.h"

namespace initscan::audit {
namespace {

constexpr std::size_t kFirstBytes = 64 << 10;  // of a parser; it grows

}  // namespace

Result<simdjson::dom::element> parse_json(std::string_view json, simdjson::dom::parser& parser) {
  if (json.empty()) return Error{Errc::malformed, "not JSON: it is empty"};
  const bool is_new = parser.max_depth() != kMaxObjectDepth;
  if (is_new && parser.allocate(kFirstBytes, kMaxObjectDepth) != simdjson::SUCCESS) {
    return Error{Errc::over_limit, "not enough memory for a parser"};
  }
  simdjson::dom::element root;
  if (const auto error = parser.parse(json.data(), json.size()).get(root); error != simdjson::SUCCESS) {
    return Error{Errc::malformed, std::string("not JSON: ") + simdjson::error_message(error)};
  }
  return root;
}

}  // namespace initscan::audit
