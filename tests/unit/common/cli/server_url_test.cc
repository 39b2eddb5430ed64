#include "common/cli/server_url.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(ServerUrl, IsAPlaceToSendATokenTo) {
  for (const char* const good : {"https://a", "https://a:8443", "https://[::1]:8443", "https://a.b.svc:1/below"}) {
    EXPECT_EQ(fault_of_server_url(good), "") << good;
  }
  for (const char* const bad : {"", "http://a", "https://", "https:///x", "https://:1", "https://u@a", "https://a?x",
                                "https://a#x", "https://a b", "https://a|b", "https://a\\b", "https://a\n", "a"}) {
    EXPECT_EQ(fault_of_server_url(bad), "want https://HOST:PORT, without a query or a user") << bad;
  }
}

}  // namespace
}  // namespace initscan
