#include "common/crypto/base64.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(Base64, EncodesTheVectorsOfRfc4648) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
}

TEST(Base64, DecodesWhatItEncodes) {
  for (const std::string bytes : {"", "f", "fo", "foo", "\xff\xfe\x00x"}) {
    const auto decoded = base64_decode(base64_encode(bytes));
    ASSERT_TRUE(decoded) << decoded.error().text;
    EXPECT_EQ(*decoded, bytes);
  }
}

TEST(Base64, TakesWhatIsLongerThanOnePiece) {
  for (const std::size_t size : {std::size_t{3 << 20}, (std::size_t{3} << 20) + 1, (std::size_t{9} << 20) - 1}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 256);
    const std::string text = base64_encode(bytes);
    EXPECT_EQ(text.size(), (size + 2) / 3 * 4);
    const auto decoded = base64_decode(text);
    ASSERT_TRUE(decoded) << decoded.error().text;
    EXPECT_TRUE(*decoded == bytes) << size;
  }
}

struct Bad {
  const char* name;
  std::string_view text;
  std::string_view error;
};

class Base64Rejects : public testing::TestWithParam<Bad> {};

TEST_P(Base64Rejects, WithAReason) {
  const auto decoded = base64_decode(GetParam().text);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().text, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(Table, Base64Rejects,
                         testing::Values(Bad{"Length", "abc", "base64 whose length is not a multiple of four"},
                                         Bad{"ForeignCharacter", "ab!d", "not base64 at character 3"},
                                         Bad{"PaddingInTheMiddle", "Zg=a", "not base64 at character 3"},
                                         Bad{"ALineBreakAtTheEnd", "Zm8=Zm9\n", "not base64 at character 4"},
                                         Bad{"ABlankAtTheBeginning", " Zm9", "not base64 at character 1"},
                                         Bad{"LooseBits", "Zh==", "base64 that is not in canonical form"},
                                         Bad{"OnlyPadding", "====", "not base64 at character 1"}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan
