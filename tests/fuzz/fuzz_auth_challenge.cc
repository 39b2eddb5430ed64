// What a registry asks for: as many challenges as a header may have, each with a scheme.
#include "initscan/registry/challenge.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto challenges = initscan::read_challenges({reinterpret_cast<const char*>(data), size});
  if (!challenges) return 0;
  if (challenges->size() > initscan::kMaxChallenges) std::abort();
  for (const initscan::Challenge& challenge : *challenges) {
    if (challenge.scheme.empty() || challenge.realm.size() + challenge.service.size() > size) std::abort();
  }
  return 0;
}
