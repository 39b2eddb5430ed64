#include "audit/compare/compare.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  initscan::audit::AuditReport report;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)compare_with(report, [bytes](const initscan::audit::TakeBytes& take) { return take(bytes); });
  return 0;
}
