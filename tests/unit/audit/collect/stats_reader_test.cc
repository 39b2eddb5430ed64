#include "audit/collect/stats_reader.h"

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

std::string stats(const std::string& containers) {
  return R"({"node":{},"pods":[{"podRef":{"name":"p","namespace":"n","uid":"u"},"containers":[)" + containers + "]}]}";
}

TEST(StatsReader, ReadsWriteLayers) {
  WriteLayers layers;
  const auto read = read_stats_summary(
      stats(R"({"name":"a","rootfs":{"usedBytes":4096,"inodesUsed":7,"capacityBytes":9}},{"name":"b","rootfs":null},
               {"name":"c","rootfs":{"inodesUsed":1}},{"name":"d"})"),
      layers);
  ASSERT_TRUE(read) << read.error().text;
  ASSERT_EQ(layers.size(), 1u);
  const auto& [key, layer] = *layers.begin();
  EXPECT_EQ(key, (ContainerKey{"n", "p", "a"}));
  EXPECT_EQ(layer.bytes, 4096u);
  EXPECT_EQ(layer.inodes, 7u);
}

// A node can speak of containers that are not its own.
TEST(StatsReader, ANodeThatLiesHidesNothing) {
  WriteLayers layers;
  for (const char* const bytes : {"10", "500", "0"}) {
    ASSERT_TRUE(read_stats_summary(stats(R"({"name":"a","rootfs":{"usedBytes":)" + std::string(bytes) + "}}"), layers));
  }
  EXPECT_EQ(layers.begin()->second.bytes, 500u);
}

TEST(StatsReader, TakesAllOrNothing) {
  for (const auto& [json, error] :
       {std::pair<std::string, std::string>{"", "not JSON: there is nothing"},
        {"{}", "pods: missing"},
        {R"({"pods":{}})", "pods: want a list"},
        {stats(R"({"name":"a","rootfs":{"usedBytes":1}},{"name":"b","rootfs":{"usedBytes":-1}})"),
         "pods[0].containers[1].rootfs.usedBytes: want a number that is not negative"},
        {stats(R"({"name":"a","rootfs":{"usedBytes":"1"}})"),
         "pods[0].containers[0].rootfs.usedBytes: want a whole number"}}) {
    WriteLayers layers;
    const auto read = read_stats_summary(json, layers);
    ASSERT_FALSE(read) << json;
    EXPECT_EQ(read.error().text, error);
    EXPECT_TRUE(layers.empty());
  }
}

}  // namespace
}  // namespace initscan::audit
