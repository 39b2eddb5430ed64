#include "injector/admission/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using testing::HasSubstr;

constexpr std::chrono::sys_seconds kExpiry{std::chrono::seconds(1)};  // long ago

class RoutesTest : public testing::Test {
 protected:
  HttpResponse ask(const char* method, const char* path, std::string body = "") {
    const Routes routes{always(InjectorConfig{}), metrics_, [this] { return state_; }, {}, &hints_};
    return routes.answer({method, path, std::move(body), ""});
  }
  InjectorMetrics metrics_;
  HintQueue hints_;
  ServerState state_{false, true, kExpiry};
};

TEST_F(RoutesTest, AnswerByPathAndMethod) {
  EXPECT_EQ(ask("GET", "/healthz").status, 200u);
  EXPECT_EQ(ask("GET", "/readyz").status, 200u);
  EXPECT_EQ(ask("GET", "/mutate").status, 405u);
  EXPECT_EQ(ask("POST", "/metrics").status, 405u);
  EXPECT_EQ(ask("GET", "/").status, 404u);
  EXPECT_EQ(ask("POST", "/mutate").status, 400u);
  EXPECT_EQ(ask("POST", "/bypass").status, 400u);
}

TEST_F(RoutesTest, AreNotReadyBeforeTheClusterIsKnownNorWhileDraining) {
  state_.ready = false;
  EXPECT_EQ(ask("GET", "/readyz").status, 503u);
  state_ = {true, true, kExpiry};
  EXPECT_EQ(ask("GET", "/readyz").status, 503u);
  EXPECT_EQ(ask("GET", "/healthz").status, 200u);
}

TEST_F(RoutesTest, ABypassIsAllowedAndTold) {
  const HttpResponse answer = ask("POST", "/bypass", R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview",
    "request":{"uid":"u","namespace":"shop","userInfo":{"username":"eve"},
    "object":{"metadata":{"generateName":"app-","ownerReferences":[{"kind":"ReplicaSet","name":"app","controller":true}]},
              "spec":{"containers":[{"name":"a","image":"a"}]}}}})");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_THAT(answer.body, HasSubstr("\"allowed\":true"));
  const auto hints = hints_.take();
  ASSERT_EQ(hints.size(), 1u);
  EXPECT_EQ(hints[0].namespace_ + '/' + hints[0].pod, "shop/app-");
  EXPECT_EQ(hints[0].owner.kind + '/' + hints[0].owner.name, "ReplicaSet/app");
  EXPECT_TRUE(hints[0].is_labelled);
}

TEST_F(RoutesTest, AValidationIsCountedAndTellsNothingAgain) {
  const HttpResponse answer = ask("POST", "/validate", R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview",
    "request":{"uid":"u","namespace":"shop","operation":"CREATE","resource":{"resource":"pods"},
    "object":{"metadata":{"name":"p"},"spec":{"os":{"name":"windows"},"containers":[{"name":"a","image":"a"}]}}}})");
  EXPECT_THAT(answer.body, HasSubstr("\"allowed\":true"));
  EXPECT_TRUE(hints_.take().empty());
  EXPECT_EQ(ask("GET", "/validate").status, 405u);
  EXPECT_THAT(ask("GET", "/metrics").body, HasSubstr("{decision=\"allowed\",reason=\"windows\"} 1"));
}

TEST_F(RoutesTest, APodThatIsLeftAloneIsTold) {
  ask("POST", "/mutate", R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview",
    "request":{"uid":"u","namespace":"shop","operation":"CREATE","resource":{"resource":"pods"},
    "object":{"metadata":{"name":"p"},"spec":{"os":{"name":"windows"},"containers":[{"name":"a","image":"a"}]}}}})");
  const auto hints = hints_.take();
  ASSERT_EQ(hints.size(), 1u);
  EXPECT_EQ(hints[0].pod, "p");
  EXPECT_FALSE(hints[0].is_labelled);
}

TEST_F(RoutesTest, CountRefusals) {
  EXPECT_THAT(ask("GET", "/metrics").body, HasSubstr("initscan_http_refusals_total{reason=\"evicted\"} 0"));
  metrics_.count(RefusalReason::evicted);
  EXPECT_THAT(ask("GET", "/metrics").body, HasSubstr("initscan_http_refusals_total{reason=\"evicted\"} 1"));
}

TEST_F(RoutesTest, CountByDecisionAndReason) {
  ask("POST", "/mutate");
  ask("POST", "/mutate");
  const std::string text = ask("GET", "/metrics").body;
  EXPECT_THAT(text, HasSubstr("initscan_admission_requests_total{decision=\"rejected\",reason=\"bad-request\"} 2"));
  EXPECT_THAT(text, HasSubstr("initscan_admission_duration_seconds_count 2"));
  EXPECT_THAT(text, HasSubstr("initscan_certificate_expiry_seconds -"));
  EXPECT_THAT(text, HasSubstr("initscan_build_info{version=\""));
}

}  // namespace
}  // namespace initscan::injector
