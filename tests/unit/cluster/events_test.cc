#include "injector/cluster/events.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(EventQueue, DropsAndCountsWhatNobodyTakes) {
  EventQueue queue;
  for (std::size_t i = 0; i < kMaxQueuedEvents + 3; ++i) queue.push({"shop", std::to_string(i), "r", "m", false, {}});
  EXPECT_EQ(queue.dropped(), 3u);
  const auto events = queue.take();
  ASSERT_EQ(events.size(), kMaxQueuedEvents);
  EXPECT_EQ(events.front().pod, "0");
  EXPECT_TRUE(queue.take().empty());
}

}  // namespace
}  // namespace initscan
