#include "audit/compare/compare.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  initscan::audit::AuditReport report;
  (void)compare_with(report, std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
