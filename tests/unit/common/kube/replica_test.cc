#include "common/kube/replica.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(ReplicaIdentity, TellsTwoOfOneHostApart) {
  const std::string one = replica_identity();
  EXPECT_THAT(one, testing::MatchesRegex(".+_[0-9]+"));
  EXPECT_NE(one, replica_identity());
}

}  // namespace
}  // namespace initscan
