#include "server/store/packed.h"

#include <memory>

#include <zstd.h>

namespace initscan::server {
namespace {

constexpr int kLevel = 3;  // a tenth of an SBOM's size in a few milliseconds; higher ones take much longer for little

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

}  // namespace

Result<std::string> pack(std::string_view bytes) {
  const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  if (!context) return Error{Errc::failed, "no memory to compress"};
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress2(context.get(), packed.data(), packed.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0) return Error{Errc::failed, std::string("cannot compress: ") + ZSTD_getErrorName(size)};
  packed.resize(size);
  packed.shrink_to_fit();
  return packed;
}

Result<std::string> unpack(std::string_view packed, std::size_t max_bytes) {
  const unsigned long long bytes = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (bytes == ZSTD_CONTENTSIZE_UNKNOWN || bytes == ZSTD_CONTENTSIZE_ERROR) {
    return Error{Errc::malformed, "damaged: no frame of Zstandard with its length"};
  }
  if (bytes > max_bytes) {
    return Error{Errc::over_limit, std::to_string(bytes) + " bytes, more than " + std::to_string(max_bytes)};
  }
  std::string text(static_cast<std::size_t>(bytes), '\0');
  const std::size_t size = ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0 || size != text.size()) {
    return Error{Errc::malformed,
                 std::string("damaged: ") + (ZSTD_isError(size) != 0 ? ZSTD_getErrorName(size) : "too short")};
  }
  return text;
}

}  // namespace initscan::server
