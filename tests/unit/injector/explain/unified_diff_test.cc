#include "injector/explain/unified_diff.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

TEST(UnifiedDiff, IsWhatPatchReads) {
  EXPECT_EQ(unified_diff("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nnew\n5\n6\n7\n8\n"),
            "@@ -2,7 +2,8 @@\n 2\n 3\n 4\n+new\n 5\n 6\n 7\n 8\n");
  EXPECT_EQ(unified_diff("a\n", "b\n"), "@@ -1,1 +1,1 @@\n-a\n+b\n");
}

TEST(UnifiedDiff, DoesNotCompareWithoutEnd) {
  std::string before;
  for (std::size_t i = 0; i <= kMaxDiffLines; ++i) before += "x\n";
  EXPECT_EQ(unified_diff(before, "y\n"), "@@ too long to compare: 20001 lines before, 1 after @@\n");
}

}  // namespace
}  // namespace initscan::injector
