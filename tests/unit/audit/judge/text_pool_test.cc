#include "audit/judge/text_pool.h"

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

TEST(AuditText, IsItsText) {
  const std::string given = "spec.containers[app]";
  Text text = given;
  EXPECT_EQ(text, given);
  EXPECT_EQ(text, "spec.containers[app]");
  EXPECT_EQ(std::string(text), given);
  EXPECT_EQ(text.size(), given.size());
  EXPECT_TRUE(Text("a") < Text("b"));
  EXPECT_EQ(Text(std::string_view("a\0b", 3)).size(), 3u);
  EXPECT_TRUE(Text().empty());
  EXPECT_EQ(Text(""), Text());
}

TEST(AuditText, OutlivesTheOnesItIsCopiedFrom) {
  Text kept;
  {
    Text first("longer than any that would stand in the object itself");
    kept = first;
    EXPECT_FALSE(first.is_alone());
    first = "another";
  }
  EXPECT_TRUE(kept.is_alone());
  const Text moved = std::move(kept);
  EXPECT_EQ(moved, "longer than any that would stand in the object itself");
  Text same = moved;
  const Text& itself = same;
  same = itself;
  EXPECT_EQ(same, moved);
}

TEST(AuditTextPool, GivesTheSameBytesToAll) {
  TextPool pool;
  const Text one = pool.keep("root (uid 0)");
  EXPECT_EQ(one.view().data(), pool.keep(std::string("root (uid ") + "0)").view().data());
  std::vector<Text> texts{"root (uid 0)", ""};
  pool.share(texts);
  EXPECT_EQ(texts[0].view().data(), one.view().data());
  EXPECT_TRUE(texts[1].empty());
}

TEST(AuditTextPool, LetsGoOfWhatNobodyKeeps) {
  TextPool pool;
  const Text kept = pool.keep("kept");
  std::size_t most = 0;
  for (int i = 0; i < 100'000; ++i) {
    (void)pool.keep("of one pod: " + std::to_string(i));
    most = std::max(most, pool.size());
  }
  EXPECT_LE(most, 4096u);
  EXPECT_EQ(kept.view().data(), pool.keep("kept").view().data());
}

}  // namespace
}  // namespace initscan::audit
