// A policy that parses must survive its canonical form: what the pod's gate reads is what the file said.
#include "initscan/policy/policy_file.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto policy = initscan::parse_policy({reinterpret_cast<const char*>(data), size});
  if (!policy) return policy.error().text.empty() ? (std::abort(), 0) : 0;
  const std::string canonical = initscan::canonical_json(*policy);
  const auto again = initscan::parse_policy(canonical);
  if (!again || initscan::canonical_json(*again) != canonical) std::abort();
  return 0;
}
