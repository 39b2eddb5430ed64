#include "server/api/large_documents.h"

namespace initscan::server {
namespace {

TEST(LargeDocuments, AreReadOneAtATimeAndSmallOnesWhenTheyCome) {
  LargeDocuments documents;
  auto first = documents.enter(kLargeDocument + 1);
  ASSERT_TRUE(first);
  EXPECT_FALSE(documents.enter(kLargeDocument + 1));
  EXPECT_TRUE(documents.enter(kLargeDocument));
  EXPECT_FALSE(documents.enter(kLargeDocument + 1)) << "a small one has not given its place back";
  first.reset();
  EXPECT_TRUE(documents.enter(kLargeDocument + 1));
}

}  // namespace
}  // namespace initscan::server
