#include "server/api/body.h"

#include <zlib.h>
#include <zstd.h>

namespace initscan::server {
namespace {

std::string gzipped(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(compressBound(static_cast<uLong>(text.size())) + 64, '\0');
  std::string copy = text;
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 1));
  return packed;
}

// What hardly becomes smaller.
std::string noise(std::size_t bytes) {
  std::string text(bytes, '\0');
  std::uint32_t state = 1;
  for (char& c : text) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 24);
  }
  return text;
}

TEST(Body, IsAsItWasBeforeItsEncoding) {
  const std::string text = "{\"a\": 1}" + noise(200'000);
  EXPECT_EQ(*decode_body("", text), text);
  EXPECT_EQ(*decode_body("identity", text), text);
  EXPECT_EQ(*decode_body("gzip", gzipped(text)), text);
  EXPECT_EQ(*decode_body("GZIP", gzipped("")), "");
  EXPECT_EQ(*decode_body("zstd", zstd(text)), text);
  EXPECT_EQ(*decode_body("zstd", zstd("")), "");
}

TEST(Body, OfAnotherEncodingIsNotGuessed) {
  EXPECT_EQ(decode_body("br", "x").error().code, Errc::unsupported);
  EXPECT_EQ(decode_body("gzip, gzip", gzipped(gzipped("x"))).error().code, Errc::unsupported);
}

TEST(Body, ThatIsCutDamagedOrFollowedIsAnError) {
  for (const auto& [encoding, packed] : {std::pair("gzip", gzipped("text")), std::pair("zstd", zstd("text"))}) {
    EXPECT_EQ(decode_body(encoding, packed.substr(0, packed.size() - 3)).error().code, Errc::truncated) << encoding;
    EXPECT_EQ(decode_body(encoding, packed + 'x').error().code, Errc::malformed) << encoding;
    EXPECT_EQ(decode_body(encoding, "rubbish!").error().code, Errc::malformed) << encoding;
    EXPECT_EQ(decode_body(encoding, "").error().code, Errc::truncated) << encoding;
  }
}

TEST(Body, ThatIsTooLargeWhenItIsUnpackedIsStopped) {
  const std::string large = noise(kMaxDocumentBytes + 1);
  EXPECT_EQ(decode_body("", large).error().code, Errc::over_limit);
  EXPECT_EQ(decode_body("zstd", zstd(large)).error().text,
            "the body is of more than 16777216 bytes when it is unpacked");
}

TEST(Body, OfWhichOnlyAPartIsWantedIsLeftAsItIs) {
  const std::string text = noise(100'000);
  for (const auto& [encoding, whole] :
       {std::pair("", text), std::pair("gzip", gzipped(text)), std::pair("zstd", zstd(text))}) {
    std::string body = whole;
    EXPECT_EQ(*decode_body_within(text.size() - 1, encoding, body), std::nullopt) << encoding;
    EXPECT_EQ(body, whole) << encoding;
    EXPECT_EQ(*decode_body_within(text.size(), encoding, body), text) << encoding;
  }
  std::string spaces = gzipped(std::string(kAlwaysAllowed + 1, ' '));
  EXPECT_FALSE(decode_body_within(kMaxDocumentBytes, "gzip", spaces)) << "it bursts all the same";
}

TEST(Body, OfManyValuesIsStoppedBeforeItIsRead) {
  std::string ones = "[1";
  for (std::size_t i = 1; i < kMaxValues; ++i) ones += ",1";
  EXPECT_TRUE(check_values(ones + ']'));
  EXPECT_EQ(check_values(ones + ",1]").error().text, "the body has more than 1500000 values");
  EXPECT_TRUE(check_values(noise(kMaxDocumentBytes)));
}

TEST(Body, ThatIsMadeToBurstIsStopped) {
  const std::string spaces(kAlwaysAllowed + 1, ' ');
  EXPECT_EQ(decode_body("gzip", gzipped(spaces)).error().text,
            "the body becomes more than 200 times as large when it is unpacked");
  EXPECT_EQ(decode_body("zstd", zstd(spaces)).error().code, Errc::over_limit);
  EXPECT_TRUE(decode_body("gzip", gzipped(std::string(kAlwaysAllowed, ' ')))) << "a small one may be anything";
}

}  // namespace
}  // namespace initscan::server
