// The path and the query of a request: what is taken apart holds nothing that leads elsewhere.
#include "server/api/routes.h"
#include "server/api/target.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void hold(bool is_so) {
  if (!is_so) std::abort();
}

bool is_plain(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace initscan::server;
  const std::string_view target(reinterpret_cast<const char*>(data), size);
  const std::size_t question = std::min(target.find('?'), target.size());
  if (const auto segments = parse_path(target.substr(0, question))) {
    hold(!segments->empty() && segments->size() <= kMaxSegments);
    for (const std::string& segment : *segments) {
      hold(is_plain(segment) && !segment.empty() && segment != "." && segment != "..");
    }
    for (const char* method : {"GET", "POST"}) {
      const auto found = find_route(method, *segments);
      if (const auto* route = std::get_if<FoundRoute>(&found)) hold(route->route != nullptr);
    }
  }
  if (const auto query = parse_query(target.substr(std::min(question + 1, target.size())))) {
    hold(query->size() <= kMaxParameters);
    for (const auto& [name, value] : *query) {
      hold(is_plain(name) && is_plain(value) && !name.empty() && value.size() <= kMaxValueOfQuery);
      const auto count = count_in(*query, name, 1, 500);
      hold(!count || (*count >= 1 && *count <= 500));
    }
  }
  return 0;
}
