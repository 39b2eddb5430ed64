#include "injector/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::HasSubstr;

constexpr std::chrono::sys_seconds kExpiry{std::chrono::seconds(1)};  // long ago

class Routes : public testing::Test {
 protected:
  HttpResponse ask(const char* method, const char* path, bool draining = false) {
    return route({method, path, ""}, config_, metrics_, {draining, kExpiry});
  }
  InjectorConfig config_;
  InjectorMetrics metrics_;
};

TEST_F(Routes, Answer) {
  EXPECT_EQ(ask("GET", "/healthz").status, 200u);
  EXPECT_EQ(ask("GET", "/readyz").status, 200u);
  EXPECT_EQ(ask("GET", "/readyz", true).status, 503u);
  EXPECT_EQ(ask("GET", "/healthz", true).status, 200u);
  EXPECT_EQ(ask("GET", "/mutate").status, 405u);
  EXPECT_EQ(ask("POST", "/metrics").status, 405u);
  EXPECT_EQ(ask("GET", "/").status, 404u);
  EXPECT_EQ(ask("POST", "/mutate").status, 400u);
}

TEST_F(Routes, CountByDecisionAndReason) {
  ask("POST", "/mutate");
  ask("POST", "/mutate");
  const std::string text = ask("GET", "/metrics").body;
  EXPECT_THAT(text, HasSubstr("initscan_admission_requests_total{decision=\"rejected\",reason=\"bad-request\"} 2"));
  EXPECT_THAT(text, HasSubstr("initscan_admission_duration_seconds_count 2"));
  EXPECT_THAT(text, HasSubstr("initscan_certificate_expiry_seconds -"));
  EXPECT_THAT(text, HasSubstr("initscan_build_info{version=\""));
}

}  // namespace
}  // namespace initscan
