#include "initscan/sbom/seal.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(Seal, IsHmacSha256) {
  // RFC 4231, test cases 1 and 2.
  EXPECT_EQ(seal_of(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(seal_of("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Seal, HoldsForItsBytesAndItsNonceAlone) {
  const std::string nonce(kNonceBytes, 'n');
  const std::string seal = seal_of(nonce, "{}");
  EXPECT_TRUE(is_sealed(nonce, "{}", seal));
  EXPECT_TRUE(is_sealed(nonce, "{}", seal + '\n'));
  EXPECT_FALSE(is_sealed(nonce, "{} ", seal));
  EXPECT_FALSE(is_sealed(std::string(kNonceBytes, 'm'), "{}", seal));
  EXPECT_FALSE(is_sealed(nonce, "{}", ""));
  EXPECT_FALSE(is_sealed(nonce, "{}", seal.substr(1)));
  EXPECT_FALSE(is_sealed(nonce, "{}", seal + "\n\n"));
}

TEST(Seal, TakesANewNonceEachTime) {
  const auto a = make_nonce();
  const auto b = make_nonce();
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->size(), kNonceBytes);
  EXPECT_NE(*a, *b);
  EXPECT_TRUE(check_nonce(*a));
  EXPECT_EQ(check_nonce("short").error().text, "want the 32 bytes that `initscan install --seal` writes, got 5");
}

}  // namespace
}  // namespace initscan
