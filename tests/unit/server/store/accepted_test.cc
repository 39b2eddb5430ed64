#include "server/store/accepted.h"

#include "tests/unit/server/store/each_store.h"

namespace initscan::server {
namespace {

constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(1'800'000'000)};

class AcceptedInStore : public EachStore {
 protected:
  void add(AcceptedKind kind, const std::string& name, int day = 0, const std::string& cluster = "one") {
    const auto done = store_->write([&](Database& database) {
      return add_accepted(database, cluster, kind, {name}, kNow + std::chrono::hours(24 * day));
    });
    ASSERT_TRUE(done) << done.error().text;
  }

  std::vector<std::string> all(AcceptedKind kind, const std::string& cluster = "one") {
    return *store_->read([&](Database& database) { return accepted(database, cluster, kind); });
  }
};

INSTANTIATE_TEST_SUITE_P(In, AcceptedInStore, kEachStore, name_of);

TEST_P(AcceptedInStore, IsOfItsKindAndOfItsCluster) {
  add(AcceptedKind::image, "i");
  add(AcceptedKind::index_image, "x");
  add(AcceptedKind::policy, "p");
  add(AcceptedKind::policy, "q", 0, "two");
  add(AcceptedKind::servers, "s");
  EXPECT_THAT(all(AcceptedKind::image), testing::ElementsAre("i"));
  EXPECT_THAT(all(AcceptedKind::index_image), testing::ElementsAre("x"));
  EXPECT_THAT(all(AcceptedKind::policy), testing::ElementsAre("p"));
  EXPECT_THAT(all(AcceptedKind::policy, "two"), testing::ElementsAre("q"));
  EXPECT_THAT(all(AcceptedKind::servers), testing::ElementsAre("s"));
}

TEST_P(AcceptedInStore, TheNewestOfAKindStay) {
  const auto most = static_cast<int>(most_accepted(AcceptedKind::image));
  add(AcceptedKind::policy, "i0");
  for (int day = 0; day < most + 2; ++day) add(AcceptedKind::image, "i" + std::to_string(day), day);
  add(AcceptedKind::image, "i2", 1000);
  const auto images = all(AcceptedKind::image);
  EXPECT_EQ(images.size(), most_accepted(AcceptedKind::image));
  EXPECT_THAT(images, testing::Contains("i2"));
  EXPECT_THAT(images, testing::Not(testing::Contains("i0")));
  EXPECT_THAT(all(AcceptedKind::policy), testing::ElementsAre("i0"));
}

}  // namespace
}  // namespace initscan::server
