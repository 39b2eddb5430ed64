// The parts of an image name put together again are the name.
#include "audit/check/image_name.h"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto name = initscan::audit::parse_image_name(text);
  if (!name) return 0;
  std::string again(name->repository);
  if (!name->tag.empty()) again += ':' + std::string(name->tag);
  if (!name->digest.empty()) again += '@' + std::string(name->digest);
  if (name->repository.empty() || again != text) std::abort();
  return 0;
}
