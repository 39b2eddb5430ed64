#include "initscan/courier/pack.h"

#include <cstddef>
#include <utility>

#include <zstd.h>

namespace initscan {
namespace {

constexpr std::size_t kWorthIt = 4 << 10;
constexpr std::size_t kMostRatio = 100;  // servers refuse 200
constexpr int kFast = 1;                 // the network is the slower part

}  // namespace

Packed pack(std::string body) {
  if (body.size() < kWorthIt) return {std::move(body), {}};
  std::string packed(ZSTD_compressBound(body.size()), '\0');
  const std::size_t size = ZSTD_compress(packed.data(), packed.size(), body.data(), body.size(), kFast);
  if (ZSTD_isError(size) != 0 || size >= body.size() || body.size() / size > kMostRatio) return {std::move(body), {}};
  packed.resize(size);
  return {std::move(packed), "zstd"};
}

}  // namespace initscan
