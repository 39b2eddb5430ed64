#include "common/net/backoff.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, DoublesUpToItsMostAndStaysInItsUpperHalf) {
  Backoff backoff(milliseconds(100), milliseconds(1000));
  for (const int whole : {100, 200, 400, 800, 1000, 1000}) {
    const auto wait = backoff.next();
    EXPECT_GE(wait, milliseconds(whole / 2));
    EXPECT_LE(wait, milliseconds(whole));
  }
  backoff.reset();
  EXPECT_LE(backoff.next(), milliseconds(100));
}

}  // namespace
}  // namespace initscan
