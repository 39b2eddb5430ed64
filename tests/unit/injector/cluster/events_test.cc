#include "injector/cluster/events.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

TEST(HintQueue, DropsAndCountsWhatNobodyTakes) {
  HintQueue queue;
  for (std::size_t i = 0; i < kMaxQueuedHints + 3; ++i)
    queue.push({"shop-" + std::to_string(i % 20), std::to_string(i)});
  EXPECT_EQ(queue.dropped(), 3u);
  EXPECT_EQ(queue.take().size(), kMaxQueuedHints);
  EXPECT_TRUE(queue.take().empty());
  queue.push({"shop", "again"});
  EXPECT_EQ(queue.take().size(), 1u) << "what was taken made room";
}

TEST(HintQueue, KeepsRoomForOtherNamespaces) {
  HintQueue queue;
  for (std::size_t i = 0; i < 2 * kMaxQueuedHints; ++i) queue.push({"flood", std::to_string(i)});
  queue.push({"shop", "p"});
  const auto hints = queue.take();
  ASSERT_EQ(hints.size(), kMaxHintsOfNamespace + 1);
  EXPECT_EQ(hints.back().namespace_, "shop");
}

TEST(HintQueue, HoldsAPodOnce) {
  HintQueue queue;
  for (int i = 0; i < 10; ++i) queue.push({"shop", "p"});
  EXPECT_EQ(queue.take().size(), 1u);
  EXPECT_EQ(queue.dropped(), 0u);
}

}  // namespace
}  // namespace initscan::injector
