#include "initscan/advisory/feed/feed.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed =
      initscan::parse_debian_tracker({reinterpret_cast<const char*>(data), size}, [](initscan::FeedRecord&& record) {
        for (const auto& advisory : record.advisories) {
          if (advisory.id.empty()) std::abort();
        }
      });
  if (!parsed && parsed.error().text.empty()) std::abort();
  return 0;
}
