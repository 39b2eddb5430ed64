// An audit that is sent: what is taken has sums that a list can show as they are, and they can be read again.
#include "common/json/element.h"
#include "server/api/audit_body.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = initscan::server::parse_audit({reinterpret_cast<const char*>(data), size});
  if (!body) return 0;
  simdjson::dom::parser parser;
  simdjson::dom::element summary;
  if (parser.parse(body->summary).get(summary) != simdjson::SUCCESS || !summary.is_object()) std::abort();
  simdjson::dom::array clusters;
  if (summary["clusters"].get(clusters) != simdjson::SUCCESS) std::abort();
  if (clusters.size() > initscan::server::kMaxAuditedClusters) std::abort();
  if (body->summary.size() > (100 << 10)) std::abort();
  return 0;
}
