#include "audit/compare/deflate.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>

#include <zlib.h>

namespace initscan::audit {
namespace {

constexpr uInt kPieceBytes = 64 << 10;
using Piece = std::array<char, kPieceBytes>;

// zlib reads through the pointer and never writes.
void set_input(z_stream& stream, std::string_view bytes) {
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
}

template <class Run>
std::size_t run_into(Piece& piece, z_stream& stream, int& state, Run run) {
  stream.next_out = reinterpret_cast<Bytef*>(piece.data());
  stream.avail_out = kPieceBytes;
  state = run(stream);
  return piece.size() - stream.avail_out;
}

}  // namespace

struct Deflater::Stream {
  z_stream zlib{};
  std::string out;

  Stream() {
    if (deflateInit(&zlib, Z_BEST_COMPRESSION) != Z_OK) throw std::bad_alloc();
  }
  ~Stream() { deflateEnd(&zlib); }

  // It fails only if there is no memory, and then at its start.
  void run(int flush) {
    Piece piece;
    std::size_t made = 0;
    do {
      int state = Z_OK;
      made = run_into(piece, zlib, state, [flush](z_stream& stream) { return ::deflate(&stream, flush); });
      out.append(piece.data(), made);
    } while (made == piece.size());
  }
};

Deflater::Deflater() : stream_(std::make_unique<Stream>()) {}

Deflater::~Deflater() = default;

void Deflater::put(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, std::numeric_limits<uInt>::max());
    set_input(stream_->zlib, part);
    stream_->run(Z_NO_FLUSH);
    bytes.remove_prefix(part.size());
  }
}

std::string Deflater::finish() {
  stream_->run(Z_FINISH);
  return std::move(stream_->out);
}

Result<void> inflate(std::string_view bytes, std::size_t most, const TakeBytes& take) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  set_input(stream, bytes.substr(0, 1u << 30));
  Piece piece;
  std::size_t made = 0;
  int state = Z_OK;
  Result<void> taken;
  while (state == Z_OK && taken && made <= most) {
    const std::size_t n = run_into(piece, stream, state, [](z_stream& of) { return ::inflate(&of, Z_NO_FLUSH); });
    made += n;
    if (n > 0 && made <= most) taken = take({piece.data(), n});
  }
  inflateEnd(&stream);
  if (!taken) return taken;
  if (made > most) return Error{Errc::over_limit, "larger than " + std::to_string(most >> 20) + " MiB"};
  if (state != Z_STREAM_END) return Error{Errc::malformed, "damaged: it cannot be decompressed"};
  return {};
}

}  // namespace initscan::audit
