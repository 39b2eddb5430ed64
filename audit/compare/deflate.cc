#include "audit/compare/deflate.h"

#include <algorithm>
#include <array>
#include <new>

#include <zlib.h>

namespace initscan::audit {

std::string deflate(std::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  const auto* from = reinterpret_cast<const Bytef*>(bytes.data());
  // It fails for want of memory alone: the bound is zlib's own.
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, from, bytes.size(), Z_BEST_COMPRESSION) != Z_OK)
    throw std::bad_alloc();
  out.resize(size);
  return out;
}

Result<std::string> inflate(std::string_view bytes, std::size_t most) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  std::string out;
  std::array<char, 64 << 10> part;
  // zlib reads through the pointer and never writes.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 1u << 30));
  int state = Z_OK;
  while (state == Z_OK && out.size() <= most) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = part.size();
    state = ::inflate(&stream, Z_NO_FLUSH);
    out.append(part.data(), part.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (out.size() > most) return Error{Errc::over_limit, "larger than " + std::to_string(most >> 20) + " MiB"};
  if (state != Z_STREAM_END) return Error{Errc::malformed, "damaged: it cannot be decompressed"};
  return out;
}

}  // namespace initscan::audit
