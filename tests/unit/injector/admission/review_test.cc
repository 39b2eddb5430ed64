#include "injector/admission/review.h"

#include "common/crypto/base64.h"
#include "injector/admission/review_head.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

InjectorConfig config() {
  InjectorConfig made;
  made.image = "example/initscan:1";
  made.policy_json = "{}";
  return made;
}

Json review(const char* operation = "CREATE") {
  Json made = Json::parse(R"({
    "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
    "request": {"uid": "u-1", "namespace": "shop", "resource": {"group": "", "version": "v1", "resource": "pods"},
                "object": {"metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}}}})");
  made["request"]["operation"] = operation;
  return made;
}

TEST(Review, AUidThatLooksLikeTheAnswerStaysAUid) {
  Json odd = review();
  odd["request"]["uid"] = R"(","patch":"x","allowed":false,"u":")";
  const Json answer = Json::parse(answer_review(odd.dump(), always(config())).body)["response"];
  EXPECT_EQ(answer["uid"], odd["request"]["uid"]);
  EXPECT_EQ(answer["allowed"], true);
  const auto patch = base64_decode(answer["patch"].get<std::string>());
  ASSERT_TRUE(patch);
  EXPECT_TRUE(Json::parse(*patch).is_array());
}

TEST(Review, APodIsPatched) {
  const ReviewAnswer answer = answer_review(review().dump(), always(config()));
  EXPECT_EQ(answer.http_status, 200u);
  EXPECT_EQ(answer.decision, Decision::patched);
  const Json body = Json::parse(answer.body);
  EXPECT_EQ(body["apiVersion"], "admission.k8s.io/v1");
  EXPECT_EQ(body["kind"], "AdmissionReview");
  EXPECT_EQ(body["response"]["uid"], "u-1");
  EXPECT_EQ(body["response"]["allowed"], true);
  EXPECT_EQ(body["response"]["patchType"], "JSONPatch");
  const Json patch = Json::parse(*base64_decode(body["response"]["patch"].get<std::string>()));
  const Json pod = review()["request"]["object"].patch(patch);
  EXPECT_EQ(pod["spec"]["initContainers"].size(), 3u);
}

// What takes little of a review and much of memory, wherever a pod's maker may put it.
class ReviewOfMuch : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(ReviewOfMuch, IsDeniedWithTheLimitsName) {
  const auto& [before, after] = GetParam();
  std::string body = R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1",
    "namespace":"shop","operation":"CREATE","resource":{"group":"","version":"v1","resource":"pods"},"object":)";
  body += before;
  const char* const element = std::string_view(after).starts_with('}') ? R"("k":"v",)" : "{},";
  for (std::size_t i = 0; i < kMaxReviewValues; ++i) body += element;
  body.pop_back();
  body += std::string(after) + R"(,"oldObject":null,"userInfo":{"username":"eve"}}})";
  ReviewAnswer answer = answer_review(body, always(config()));
  EXPECT_EQ(answer.http_status, 200u) << "an error would let it through where the webhook may fail";
  EXPECT_EQ(answer.decision, Decision::denied);
  EXPECT_EQ(answer.namespace_, "shop");
  EXPECT_EQ(answer.error, "initscan cannot put its scanner into this pod: JSON of more than 150000 values");
  EXPECT_EQ(Json::parse(answer.body)["response"]["uid"], "u-1");
  EXPECT_EQ(answer_bypass(body).decision, Decision::allowed) << "who may bypass is not kept from it";
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReviewOfMuch,
    testing::Values(std::pair{R"({"spec":{"volumes":[{"name":"initscan-bin","projected":{"sources":[)", "]}}]}}"},
                    std::pair{R"({"spec":{"containers":[{"name":"a","image":"a:1","volumeMounts":[)", "]}]}}"},
                    std::pair{R"({"spec":{"initContainers":[{"name":"initscan-gate","env":[)", "]}]}}"},
                    std::pair{R"({"spec":{"tolerations":[)", "]}}"},
                    std::pair{R"({"metadata":{"ownerReferences":[)", "]}}"},
                    std::pair{R"({"metadata":{"labels":{)", "}}}"},
                    std::pair{R"({"metadata":{"annotations":{)", "}}}"}));

TEST(Review, TheHeadOfAReviewIsReadWithoutItsObjects) {
  EXPECT_EQ(review_without_objects(R"({"request":{"uid":"u","object":{"uid":"x"},"oldObject":[{}],"name":"object"}})"),
            R"({"request":{"uid":"u","object":null,"oldObject":null,"name":"object"}})");
  EXPECT_EQ(review_without_objects(R"({"object":{"a":1},"request":{"userInfo":{"object":{}}}})"),
            R"({"object":{"a":1},"request":{"userInfo":{"object":{}}}})")
      << "only the request's own";
  EXPECT_EQ(review_without_objects(R"({"request":{"uid":"u","object":{"a":"}]\"})"),
            R"({"request":{"uid":"u","object":null}})")
      << "of a text that was cut short";
  EXPECT_EQ(review_without_objects("}]}{"), "}]}{");
}

TEST(Review, AnAnswerWithoutAPatchHasNoPatchType) {
  Json other = review();
  other["request"]["namespace"] = "kube-system";
  const ReviewAnswer answer = answer_review(other.dump(), always(config()));
  EXPECT_EQ(answer.reason, Reason::excluded_namespace);
  EXPECT_EQ(Json::parse(answer.body)["response"], Json({{"uid", "u-1"}, {"allowed", true}}));
}

TEST(Review, ATagIsToldWhereThePolicyWarnsOfIt) {
  InjectorConfig with = config();
  const auto warnings = [&](Json asked) {
    return Json::parse(answer_review(asked.dump(), always(with)).body)["response"].value("warnings", Json());
  };
  EXPECT_TRUE(warnings(review()).is_null());
  with.require_digest = Reaction::deny;
  EXPECT_TRUE(warnings(review()).is_null()) << "it is denied later";
  with.require_digest = Reaction::warn;
  Json asked = review();
  Json& spec = asked["request"]["object"]["spec"];
  spec["containers"] = Json::array({{{"name", "a"}, {"image", "shop:1"}}});
  const Json want{"initscan: shop:1 can move after the scan; name it as NAME@sha256:... (requireDigest)"};
  EXPECT_EQ(warnings(asked), want);
  spec["containers"][0]["image"] = "shop@sha256:" + std::string(64, '1');
  EXPECT_TRUE(warnings(asked).is_null());
  for (int i = 0; i < 20; ++i) {
    spec["containers"].push_back({{"name", "b"}, {"image", std::string(1000, 'b') + std::to_string(i)}});
  }
  EXPECT_LT(warnings(asked).dump().size(), 4096u) << "the API server takes no more";
}

TEST(Review, TheRequestsNamespaceCounts) {
  Json other = review();
  other["request"]["object"]["metadata"]["namespace"] = "kube-system";
  EXPECT_EQ(answer_review(other.dump(), always(config())).decision, Decision::patched);
}

TEST(Review, EverythingButTheCreationOfPodsIsAllowed) {
  for (const char* operation : {"UPDATE", "DELETE", "CONNECT"}) {
    const ReviewAnswer answer = answer_review(review(operation).dump(), always(config()));
    EXPECT_EQ(answer.decision, Decision::allowed) << operation;
    EXPECT_EQ(answer.reason, Reason::not_a_creation) << operation;
  }
  Json binding = review();
  binding["request"]["subResource"] = "binding";
  EXPECT_EQ(answer_review(binding.dump(), always(config())).reason, Reason::not_a_pod);
  Json deployment = review();
  deployment["request"]["resource"] = {{"group", "apps"}, {"resource", "deployments"}};
  EXPECT_EQ(answer_review(deployment.dump(), always(config())).reason, Reason::not_a_pod);
}

TEST(Review, APodThatCannotBeMadeSafeIsDenied) {
  Json bad = review();
  bad["request"]["object"]["spec"]["containers"][0]["name"] = "initscan-gate";
  const ReviewAnswer answer = answer_review(bad.dump(), always(config()));
  EXPECT_EQ(answer.http_status, 200u);
  EXPECT_EQ(answer.decision, Decision::denied);
  const Json response = Json::parse(answer.body)["response"];
  EXPECT_EQ(response["allowed"], false);
  EXPECT_EQ(response["status"]["code"], 422);
  EXPECT_EQ(response["status"]["message"],
            "initscan cannot put its scanner into this pod: container \"initscan-gate\": names that start with "
            "\"initscan-\" are reserved for initscan; choose another");
}

struct Bad {
  const char* name;
  std::string body;
  std::string_view error;
};

class ReviewRejects : public testing::TestWithParam<Bad> {};

TEST_P(ReviewRejects, WithOneLine) {
  const ReviewAnswer answer = answer_review(GetParam().body, always(config()));
  EXPECT_EQ(answer.http_status, 400u);
  EXPECT_EQ(answer.decision, Decision::rejected);
  EXPECT_EQ(answer.body, std::string(GetParam().error) + '\n');
}

std::string without(const char* key) {
  Json other = review();
  other["request"].erase(key);
  return other.dump();
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReviewRejects,
    testing::Values(
        Bad{"AnotherKind", R"({"kind":"Pod","apiVersion":"v1"})", "want an AdmissionReview of admission.k8s.io/v1"},
        Bad{"AnOldVersion", R"({"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1"})",
            "want an AdmissionReview of admission.k8s.io/v1"},
        Bad{"AnArray", "[]", "want an AdmissionReview of admission.k8s.io/v1"},
        Bad{"NoRequest", R"({"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"})", "no request in it"},
        Bad{"NoUid", without("uid"), "a request without uid"},
        Bad{"NoObject", without("object"), "a CREATE without object"}),
    [](const auto& test) { return test.param.name; });

TEST(ReviewRejects, WhatIsNotJson) {
  for (const std::string& body :
       {std::string(), std::string("{"), std::string("\xff\xfe"), std::string(100'000, '[') + std::string(100'000, ']'),
        review().dump().substr(0, 200)}) {
    const ReviewAnswer answer = answer_review(body, always(config()));
    EXPECT_EQ(answer.http_status, 400u);
    EXPECT_TRUE(answer.error.starts_with("not JSON: ")) << answer.error;
  }
}

}  // namespace
}  // namespace initscan::injector
