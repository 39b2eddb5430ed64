#include "initscan/courier/pack.h"

#include <gtest/gtest.h>
#include <zstd.h>

namespace initscan {
namespace {

// As SBOMs are: the same words again and again, with something of its own in each line.
std::string lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += "\"purl\":\"pkg:deb/debian/p" + std::to_string(i * 7919 % count) + "\"\n";
  return text;
}

TEST(Pack, MakesALargeBodySmaller) {
  const std::string body = lines(10'000);
  const Packed packed = pack(body);
  EXPECT_EQ(packed.encoding, "zstd");
  EXPECT_LT(packed.bytes.size(), body.size() / 2);
  std::string again(body.size(), '\0');
  EXPECT_EQ(ZSTD_decompress(again.data(), again.size(), packed.bytes.data(), packed.bytes.size()), body.size());
  EXPECT_EQ(again, body);
}

TEST(Pack, LeavesWhatIsSmall) {
  const Packed packed = pack("{}");
  EXPECT_EQ(packed.encoding, "");
  EXPECT_EQ(packed.bytes, "{}");
}

TEST(Pack, LeavesWhatServersWouldTakeForATrap) {
  const std::string body(4 << 20, ' ');
  const Packed packed = pack(body);
  EXPECT_EQ(packed.encoding, "");
  EXPECT_EQ(packed.bytes, body);
}

}  // namespace
}  // namespace initscan
