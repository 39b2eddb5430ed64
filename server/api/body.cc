#include "server/api/body.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <memory>

#include <zlib.h>
#include <zstd.h>

namespace initscan::server {
namespace {

constexpr std::size_t kPiece = 64 << 10;
constexpr int kGzipWindow = 16 + MAX_WBITS;  // zlib: the wrapper of gzip, and no other
constexpr int kMaxZstdWindow = 24;           // 16 MiB: as much as a document may have

// What comes out, up to what may.
class Unpacked {
 public:
  explicit Unpacked(std::size_t packed_bytes)
      : most_(std::min(kMaxDocumentBytes, std::max(kAlwaysAllowed, packed_bytes * kMaxRatio))) {}

  Result<void> add(const char* bytes, std::size_t count) {
    if (count > most_ - text_.size()) {
      return most_ == kMaxDocumentBytes
                 ? Error{Errc::over_limit,
                         "the body is of more than " + std::to_string(kMaxDocumentBytes) + " bytes when it is unpacked"}
                 : Error{Errc::over_limit, "the body becomes more than " + std::to_string(kMaxRatio) +
                                               " times as large when it is unpacked"};
    }
    text_.append(bytes, count);
    return {};
  }

  std::string take() { return std::move(text_); }

 private:
  const std::size_t most_;
  std::string text_;
};

Error truncated(const char* format) {
  return {Errc::truncated, std::string("the body ends within its ") + format + " stream"};
}

Error broken(const char* format, const char* why) {
  return {Errc::malformed, std::string("the body's ") + format + " stream is damaged: " + (why == nullptr ? "" : why)};
}

Error trailing(const char* format) {
  return {Errc::malformed, std::string("something follows the body's ") + format + " stream"};
}

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

Result<std::string> gunzip(std::string_view packed) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) return Error{Errc::failed, "no memory to unpack the body"};
  const std::unique_ptr<z_stream, EndInflate> end(&stream);
  // zlib does not write to what it reads.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  Unpacked unpacked(packed.size());
  std::string piece(kPiece, '\0');
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    const int state = inflate(&stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) return broken("gzip", stream.msg);
    const std::size_t made = piece.size() - stream.avail_out;
    if (auto added = unpacked.add(piece.data(), made); !added) return added.error();
    if (state == Z_STREAM_END) break;
    if (made == 0) return truncated("gzip");
  }
  if (stream.avail_in > 0) return trailing("gzip");
  return unpacked.take();
}

struct FreeDecoder {
  void operator()(ZSTD_DCtx* decoder) const { ZSTD_freeDCtx(decoder); }
};

Result<std::string> unzstd(std::string_view packed) {
  const std::unique_ptr<ZSTD_DCtx, FreeDecoder> decoder(ZSTD_createDCtx());
  if (!decoder) return Error{Errc::failed, "no memory to unpack the body"};
  ZSTD_DCtx_setParameter(decoder.get(), ZSTD_d_windowLogMax, kMaxZstdWindow);
  Unpacked unpacked(packed.size());
  std::string piece(kPiece, '\0');
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  for (;;) {
    ZSTD_outBuffer out{piece.data(), piece.size(), 0};
    const std::size_t left = ZSTD_decompressStream(decoder.get(), &out, &in);
    if (ZSTD_isError(left) != 0) return broken("zstd", ZSTD_getErrorName(left));
    if (auto added = unpacked.add(piece.data(), out.pos); !added) return added.error();
    if (left == 0) break;
    if (in.pos == in.size && out.pos == 0) return truncated("zstd");
  }
  if (in.pos < in.size) return trailing("zstd");
  return unpacked.take();
}

}  // namespace

Result<std::string> decode_body(std::string_view encoding, std::string body) {
  const std::string name = in_lower_case(encoding);
  if (name.empty() || name == "identity") {
    if (body.size() > kMaxDocumentBytes) {
      return Error{Errc::over_limit, "the body is of more than " + std::to_string(kMaxDocumentBytes) + " bytes"};
    }
    return body;
  }
  if (name == "gzip" || name == "x-gzip") return gunzip(body);
  if (name == "zstd") return unzstd(body);
  return Error{Errc::unsupported, "want a body in gzip, in zstd or as it is, got Content-Encoding: " + name};
}

}  // namespace initscan::server
