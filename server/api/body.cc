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
  Unpacked(std::size_t packed_bytes, std::size_t wanted)
      : most_(std::min(kMaxDocumentBytes, std::max(kAlwaysAllowed, packed_bytes * kMaxRatio))), wanted_(wanted) {}

  // False: it is more than is wanted.
  Result<bool> add(const char* bytes, std::size_t count) {
    if (wanted_ < most_ && count > wanted_ - text_.size()) return false;
    if (count > most_ - text_.size()) {
      return most_ == kMaxDocumentBytes
                 ? Error{Errc::over_limit,
                         "the body is of more than " + std::to_string(kMaxDocumentBytes) + " bytes when it is unpacked"}
                 : Error{Errc::over_limit, "the body becomes more than " + std::to_string(kMaxRatio) +
                                               " times as large when it is unpacked"};
    }
    text_.append(bytes, count);
    return true;
  }

  std::string take() { return std::move(text_); }

 private:
  const std::size_t most_;
  const std::size_t wanted_;
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

Result<std::optional<std::string>> gunzip(std::string_view packed, std::size_t most) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) return Error{Errc::failed, "no memory to unpack the body"};
  const std::unique_ptr<z_stream, EndInflate> end(&stream);
  // zlib does not write to what it reads.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  Unpacked unpacked(packed.size(), most);
  std::string piece(kPiece, '\0');
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    const int state = inflate(&stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) return broken("gzip", stream.msg);
    const std::size_t made = piece.size() - stream.avail_out;
    const auto added = unpacked.add(piece.data(), made);
    if (!added) return added.error();
    if (!*added) return std::optional<std::string>();
    if (state == Z_STREAM_END) break;
    if (made == 0) return truncated("gzip");
  }
  if (stream.avail_in > 0) return trailing("gzip");
  return std::optional(unpacked.take());
}

struct FreeDecoder {
  void operator()(ZSTD_DCtx* decoder) const { ZSTD_freeDCtx(decoder); }
};

Result<std::optional<std::string>> unzstd(std::string_view packed, std::size_t most) {
  const std::unique_ptr<ZSTD_DCtx, FreeDecoder> decoder(ZSTD_createDCtx());
  if (!decoder) return Error{Errc::failed, "no memory to unpack the body"};
  ZSTD_DCtx_setParameter(decoder.get(), ZSTD_d_windowLogMax, kMaxZstdWindow);
  Unpacked unpacked(packed.size(), most);
  std::string piece(kPiece, '\0');
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  for (;;) {
    ZSTD_outBuffer out{piece.data(), piece.size(), 0};
    const std::size_t left = ZSTD_decompressStream(decoder.get(), &out, &in);
    if (ZSTD_isError(left) != 0) return broken("zstd", ZSTD_getErrorName(left));
    const auto added = unpacked.add(piece.data(), out.pos);
    if (!added) return added.error();
    if (!*added) return std::optional<std::string>();
    if (left == 0) break;
    if (in.pos == in.size && out.pos == 0) return truncated("zstd");
  }
  if (in.pos < in.size) return trailing("zstd");
  return std::optional(unpacked.take());
}

}  // namespace

Result<std::optional<std::string>> decode_body_within(std::size_t most, std::string_view encoding, std::string& body) {
  const std::string name = in_lower_case(encoding);
  if (name.empty() || name == "identity") {
    if (body.size() > kMaxDocumentBytes) {
      return Error{Errc::over_limit, "the body is of more than " + std::to_string(kMaxDocumentBytes) + " bytes"};
    }
    if (body.size() > most) return std::optional<std::string>();
    return std::optional(std::move(body));
  }
  if (name == "gzip" || name == "x-gzip") return gunzip(body, most);
  if (name == "zstd") return unzstd(body, most);
  return Error{Errc::unsupported, "want a body in gzip, in zstd or as it is, got Content-Encoding: " + name};
}

Result<std::string> decode_body(std::string_view encoding, std::string body) {
  auto decoded = decode_body_within(kMaxDocumentBytes, encoding, body);
  if (!decoded) return decoded.error();
  return std::move(**decoded);
}

// Before it is parsed, and so without a look at what stands in texts: that is a little more than there are.
Result<void> check_values(std::string_view json) {
  if (json.size() <= kMaxValues) return {};
  const auto marks =
      std::count_if(json.begin(), json.end(), [](char c) { return c == ',' || c == ':' || c == '[' || c == '{'; });
  if (static_cast<std::size_t>(marks) <= kMaxValues) return {};
  return Error{Errc::over_limit, "the body has more than " + std::to_string(kMaxValues) + " values"};
}

}  // namespace initscan::server
