#include "initscan/advisory/feed/osv_listing.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto listed = initscan::parse_osv_listing(text);
  if (!listed && listed.error().text.empty()) std::abort();
  const auto stamp = initscan::parse_osv_stamp(text);
  if (stamp && stamp->first.empty()) std::abort();
  return 0;
}
