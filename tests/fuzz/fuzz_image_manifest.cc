// Manifests: the layer that is taken has a digest that leads nowhere else, and a size.
#include "initscan/model/image_digest.h"
#include "initscan/registry/manifest.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto first = initscan::first_of_image_list(text);
  if (first && *first && !initscan::is_image_digest((*first)->digest)) std::abort();
  const auto layer = initscan::read_image_manifest(text);
  if (layer && (!initscan::is_image_digest(layer->blob.digest) || layer->blob.bytes == 0)) std::abort();
  return 0;
}
