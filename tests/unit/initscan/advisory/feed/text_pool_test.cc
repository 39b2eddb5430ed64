#include "initscan/advisory/feed/text_pool.h"

#include <string>

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(TextPool, GivesEqualTextsOneNumber) {
  TextPool pool;
  std::vector<TextNumber> numbers;
  for (int i = 0; i < 100'000; ++i) numbers.push_back(pool.add("text " + std::to_string(i)));
  for (int i = 0; i < 100'000; ++i) {
    const std::string text = "text " + std::to_string(i);
    ASSERT_EQ(pool[numbers[static_cast<std::size_t>(i)]], text);
    ASSERT_EQ(pool.add(text), numbers[static_cast<std::size_t>(i)]);
  }
  EXPECT_FALSE(pool.is_full());
}

TEST(TextPool, HasNothingAtNought) {
  TextPool pool;
  EXPECT_EQ(pool.add(""), 0u);
  EXPECT_EQ(pool[0], "");
  EXPECT_NE(pool.add(std::string_view("\0", 1)), 0u);
}

TEST(TextPool, TakesTextsOfAnySize) {
  TextPool pool;
  std::vector<std::pair<TextNumber, std::string>> all;
  for (const std::size_t size : {1u, 3u, 1'048'567u, 1'048'568u, 1'048'569u, 5'000'000u, 7u, 1'048'576u, 2u}) {
    std::string text(size, static_cast<char>('a' + all.size()));
    all.emplace_back(pool.add(text), text);
  }
  for (const auto& [number, text] : all) {
    EXPECT_TRUE(pool[number] == text) << text.size();
    EXPECT_EQ(pool.add(text), number);
  }
}

TEST(TextPool, KeepsAMarkWithEachText) {
  TextPool pool;
  const TextNumber one = pool.add("one");
  const TextNumber two = pool.append("two");
  EXPECT_EQ(pool.mark(one), 0u);
  pool.mark(one) = 7;
  pool.mark(two) = 8;
  EXPECT_EQ(pool.mark(one), 7u);
  EXPECT_EQ(pool[one], "one");
  EXPECT_EQ(pool[two], "two");
  EXPECT_NE(pool.append("two"), two);
}

}  // namespace
}  // namespace initscan
