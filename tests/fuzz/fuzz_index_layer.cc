// Layers: an index is what stands between a head and a tail that follow from its size, and of what gzip packed no more
// comes than there may be.
#include "initscan/registry/layer.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void check(std::string_view layer) {
  using namespace initscan;
  const auto index = index_in_layer(layer);
  if (index && layer_head(index->size()) + std::string(*index) + layer_tail(index->size()) != layer) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check(bytes);
  if (const auto unpacked = initscan::unpack_layer(bytes)) check(*unpacked);
  return 0;
}
