#include "initscan/registry/layer.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace initscan {
namespace {

std::string layer_of(const std::string& index) {
  return layer_head(index.size()) + index + layer_tail(index.size());
}

std::string packed(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY),
            Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string varied(std::size_t bytes) {
  std::string text;
  for (std::uint32_t seed = 1; text.size() < bytes; seed = seed * 1664525 + 1013904223)
    text += static_cast<char>(seed >> 24);
  return text;
}

TEST(IndexLayer, HoldsAnIndexOfAnySize) {
  for (const std::size_t size : {0u, 1u, 511u, 512u, 513u, 100'000u}) {
    const std::string index = varied(size);
    const std::string layer = layer_of(index);
    EXPECT_EQ(layer.size(), layer_bytes(size));
    EXPECT_EQ(layer.size() % kTarBlockBytes, 0u);
    const auto held = index_in_layer(layer);
    ASSERT_TRUE(held) << held.error().text;
    EXPECT_EQ(*held, index);
  }
}

TEST(IndexLayer, IsATarThatAnybodyReads) {
  const std::string head = layer_head(01234567);
  EXPECT_STREQ(head.c_str(), "advisories.db");
  EXPECT_EQ(head.substr(124, 12), std::string("00001234567\0", 12));
  EXPECT_EQ(head.substr(257, 8), std::string("ustar\00000", 8));
  EXPECT_EQ(index_bytes_of(head), 01234567u);
}

// Each byte of what is around the index counts: another name, a link, a second file, bits of a mode.
TEST(IndexLayer, HoldsNothingElse) {
  const std::string good = layer_of("index");
  for (std::size_t at = 0; at < good.size(); ++at) {
    if (at >= kTarBlockBytes && at < kTarBlockBytes + 5) continue;
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_FALSE(index_in_layer(bad)) << at;
  }
  EXPECT_FALSE(index_in_layer(""));
  EXPECT_FALSE(index_in_layer(good.substr(0, good.size() - 1)));
  EXPECT_FALSE(index_in_layer(good + std::string(kTarBlockBytes, '\0')));
  EXPECT_FALSE(index_in_layer(good + good)) << "two files";
}

TEST(IndexLayer, IsUnpacked) {
  const std::string layer = layer_of(varied(700'000));
  const auto unpacked = unpack_layer(packed(layer));
  ASSERT_TRUE(unpacked) << unpacked.error().text;
  EXPECT_EQ(*unpacked, layer);
}

TEST(IndexLayer, IsNotUnpackedWithoutAnEnd) {
  const std::string whole = packed(layer_of(varied(10'000)));
  for (std::size_t size = 0; size < whole.size(); size += 97) EXPECT_FALSE(unpack_layer(whole.substr(0, size))) << size;
  EXPECT_FALSE(unpack_layer(whole + "x"));
  EXPECT_FALSE(unpack_layer(whole + whole));
  EXPECT_FALSE(unpack_layer("no gzip"));
  std::string damaged = whole;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  EXPECT_FALSE(unpack_layer(damaged));
}

// Without more memory than it may take: of a bomb not much is unpacked before it is clear what it is.
TEST(IndexLayer, IsNoBomb) {
  const std::string zeros(64 << 20, '\0');
  const auto headless = unpack_layer(packed(zeros));
  ASSERT_TRUE(headless);
  EXPECT_LT(headless->size(), std::size_t{1} << 20);
  EXPECT_FALSE(index_in_layer(*headless));
  const auto bomb = unpack_layer(packed(layer_of(zeros)));
  ASSERT_FALSE(bomb);
  EXPECT_EQ(bomb.error().code, Errc::over_limit);
  const auto behind = unpack_layer(packed(layer_of("index") + zeros));
  ASSERT_TRUE(behind);
  EXPECT_LT(behind->size(), std::size_t{1} << 20);
  EXPECT_FALSE(index_in_layer(*behind));
}

}  // namespace
}  // namespace initscan
