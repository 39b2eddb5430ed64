#include "initscan/registry/layer.h"

#include "common/names.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>

#include <zlib.h>

namespace initscan {
namespace {

constexpr std::size_t kEndBlocks = 2;
constexpr std::size_t kMostRatio = 50;  // indexes pack to a half or a third
constexpr std::size_t kPieceBytes = 256 << 10;
constexpr std::uint64_t kMostOctal = 077777777777;  // of a tar's field of a size: 8 GiB

// POSIX.1-1988 (ustar), as tar(5) has it: offset and width of what is not zero.
struct Field {
  std::size_t at;
  std::size_t width;
};
constexpr Field kName{0, 100}, kMode{100, 8}, kOwner{108, 8}, kGroup{116, 8}, kSize{124, 12}, kTime{136, 12},
    kSum{148, 8}, kType{156, 1}, kMagic{257, 8};

// The file's name at the image's root: where a gate that mounts the image looks for it.
std::string_view index_name() {
  const std::string_view mount = names::kIndexMount;
  return std::string_view(names::kIndexFile).substr(mount.size() + 1);
}

void put(std::string& block, const Field& field, std::string_view text) {
  block.replace(field.at, text.size(), text);
}

void put_octal(std::string& block, const Field& field, std::uint64_t number) {
  std::string digits(field.width - 1, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, number >>= 3) {
    *digit = static_cast<char>('0' + (number & 7));
  }
  put(block, field, digits);
}

std::uint64_t padding(std::uint64_t bytes) {
  return (kTarBlockBytes - bytes % kTarBlockBytes) % kTarBlockBytes;
}

struct InflateEnd {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

}  // namespace

std::string layer_head(std::uint64_t index_bytes) {
  std::string block(kTarBlockBytes, '\0');
  put(block, kName, index_name());
  put_octal(block, kMode, 0444);
  put_octal(block, kOwner, 0);
  put_octal(block, kGroup, 0);
  put_octal(block, kSize, index_bytes);
  put_octal(block, kTime, 0);  // the same index makes the same image
  put(block, kType, "0");
  put(block, kMagic, {"ustar\00000", kMagic.width});
  put(block, kSum, std::string(kSum.width, ' '));
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put_octal(block, {kSum.at, kSum.width - 1}, sum);
  block[kSum.at + kSum.width - 2] = '\0';
  return block;
}

std::string layer_tail(std::uint64_t index_bytes) {
  return std::string(padding(index_bytes) + kEndBlocks * kTarBlockBytes, '\0');
}

std::uint64_t layer_bytes(std::uint64_t index_bytes) {
  return kTarBlockBytes + index_bytes + padding(index_bytes) + kEndBlocks * kTarBlockBytes;
}

std::optional<std::uint64_t> index_bytes_of(std::string_view head) {
  if (head.size() != kTarBlockBytes) return std::nullopt;
  std::uint64_t bytes = 0;
  for (const char c : head.substr(kSize.at, kSize.width - 1)) {
    if (c < '0' || c > '7') return std::nullopt;
    bytes = bytes << 3 | static_cast<std::uint64_t>(c - '0');
  }
  if (bytes > kMostOctal || head != layer_head(bytes)) return std::nullopt;
  return bytes;
}

Result<std::string_view> index_in_layer(std::string_view layer) {
  const auto bytes = index_bytes_of(layer.substr(0, kTarBlockBytes));
  if (!bytes) {
    return Error{Errc::malformed, "its layer does not begin with an index of advisories; `initscan db push` makes one"};
  }
  if (layer.size() != layer_bytes(*bytes) || layer.substr(kTarBlockBytes + *bytes) != layer_tail(*bytes)) {
    return Error{Errc::malformed, "its layer is not an index of advisories alone; `initscan db push` makes one"};
  }
  return layer.substr(kTarBlockBytes, *bytes);
}

Result<std::string> unpack_layer(std::string_view packed) {
  z_stream stream{};
  constexpr int kGzipAlone = 16 + MAX_WBITS;
  if (inflateInit2(&stream, kGzipAlone) != Z_OK) return Error{Errc::failed, "zlib cannot be set up"};
  const std::unique_ptr<z_stream, InflateEnd> ends(&stream);
  const std::uint64_t most = std::uint64_t{packed.size()} * kMostRatio + kPieceBytes;
  std::uint64_t expected = std::numeric_limits<std::uint64_t>::max();  // until its head has come
  std::string layer;
  std::string piece(kPieceBytes, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  for (int state = Z_OK; state != Z_STREAM_END;) {
    const std::size_t in = std::min<std::size_t>(packed.size(), std::numeric_limits<uInt>::max());
    stream.avail_in = static_cast<uInt>(in);
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    packed.remove_prefix(in - stream.avail_in);
    const std::size_t out = piece.size() - stream.avail_out;
    if ((state != Z_OK && state != Z_STREAM_END) || (state == Z_OK && out == 0 && packed.empty())) {
      return Error{Errc::malformed, "its layer is not what gzip packs, or its end is missing"};
    }
    layer.append(piece, 0, out);
    if (layer.size() >= kTarBlockBytes && expected == std::numeric_limits<std::uint64_t>::max()) {
      const auto index = index_bytes_of(std::string_view(layer).substr(0, kTarBlockBytes));
      expected = index ? layer_bytes(*index) : 0;
    }
    if (layer.size() > expected) break;  // it is told what that is by whoever looks for the index in it
    if (layer.size() > most) {
      return Error{Errc::over_limit,
                   "its layer unpacks to more than " + std::to_string(kMostRatio) + " times its size"};
    }
  }
  if (!packed.empty() && layer.size() <= expected) {
    return Error{Errc::malformed, "its layer has something behind what gzip packed"};
  }
  return layer;
}

}  // namespace initscan
