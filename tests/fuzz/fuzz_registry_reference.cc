// References: what is taken is the same again, and has no part that leads elsewhere in a URL.
#include "initscan/registry/reference.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto reference = initscan::parse_reference({reinterpret_cast<const char*>(data), size});
  if (!reference) return 0;
  const auto again = initscan::parse_reference(reference->text());
  if (!again || *again != *reference || reference->name().empty()) std::abort();
  for (const char c : {'?', '#', '@', '%', '\\', ' '}) {
    if ((reference->host + reference->repository + reference->tag).find(c) != std::string::npos) std::abort();
  }
  if (reference->repository.find("..") != std::string::npos || reference->host.find('/') != std::string::npos)
    std::abort();
  return 0;
}
