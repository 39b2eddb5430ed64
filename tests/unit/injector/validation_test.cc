#include "injector/validation.h"

#include "tests/unit/injector/patched.h"

#include <functional>

#include <gtest/gtest.h>

namespace initscan {
namespace {

using Json = nlohmann::json;

const char* const kPlain = R"({"containers":[{"name":"app","image":"shop:1"}]})";

Json review(const char* operation, Json object, Json before = nullptr) {
  return {{"apiVersion", "admission.k8s.io/v1"},
          {"kind", "AdmissionReview"},
          {"request",
           {{"uid", "u-1"},
            {"namespace", "shop"},
            {"operation", operation},
            {"resource", {{"group", ""}, {"version", "v1"}, {"resource", "pods"}}},
            {"userInfo", {{"username", "eve"}, {"groups", {"system:authenticated"}}}},
            {"object", std::move(object)},
            {"oldObject", std::move(before)}}}};
}

std::string verdict(const Json& asked, const InjectorConfig& with = config()) {
  const ReviewAnswer answer = answer_validation(asked.dump(), always(with));
  if (answer.http_status != 200) return answer.decision + ' ' + answer.error;
  const Json response = Json::parse(answer.body)["response"];
  EXPECT_EQ(response["uid"], "u-1");
  EXPECT_EQ(response["allowed"], answer.decision != "denied");
  EXPECT_EQ(response.contains("warnings"), answer.decision == "warned");
  EXPECT_FALSE(response.contains("patch"));
  return answer.decision + ' ' + answer.reason;
}

class Validation : public testing::TestWithParam<Mode> {
 protected:
  InjectorConfig with() const { return config(GetParam()); }
  Json good() const { return patched(pod(kPlain), with()).pod; }
};

TEST_P(Validation, WhatTheInjectorMadeIsAdmitted) {
  EXPECT_EQ(verdict(review("CREATE", good()), with()), "allowed unchanged");
}

TEST_P(Validation, APodWithoutOursIsDenied) {
  const ReviewAnswer answer = answer_validation(review("CREATE", pod(kPlain)).dump(), always(with()));
  EXPECT_EQ(answer.decision + ' ' + answer.reason, "denied not-final");
  const Json status = Json::parse(answer.body)["response"]["status"];
  EXPECT_EQ(status["code"], 403);
  EXPECT_EQ(status["message"],
            "initscan: its containers are not in this pod (was the injector unreachable? try again)");
}

TEST_P(Validation, EveryTamperingIsDenied) {
  const std::vector<std::function<void(Json&)>> tamperings{
      [](Json& s) { s["initContainers"].back()["image"] = "evil:1"; },
      [](Json& s) { s["initContainers"].back()["args"] = Json({"version"}); },
      [](Json& s) { s["initContainers"].back()["command"] = Json({"/bin/true"}); },
      [](Json& s) { s["initContainers"].back()["restartPolicy"] = "Always"; },
      [](Json& s) { s["initContainers"].back()["restartPolicyRules"] = Json::array(); },
      [](Json& s) { s["initContainers"].back()["securityContext"]["runAsUser"] = 0; },
      [](Json& s) {
        s["initContainers"].back()["env"] = Json::array({{{"name", "A"}, {"value", "b"}}});
      },
      [](Json& s) {
        s["initContainers"].back()["volumeMounts"].push_back({{"name", "v"}, {"mountPath", "/usr"}});
      },
      [](Json& s) {
        const Json first{{"name", "x"}, {"image", "shop:1"}};
        s["initContainers"].insert(s["initContainers"].begin(), first);
      },
      [](Json& s) {
        s["initContainers"].push_back({{"name", "x"}, {"image", "late:1"}});
      },
      [](Json& s) {
        s["containers"].push_back({{"name", "x"}, {"image", "late:1"}});
      },
      [](Json& s) { s["containers"][0]["image"] = "other:1"; },
      [](Json& s) { s["containers"][0]["imagePullPolicy"] = "Always"; },
      [](Json& s) {
        s["containers"][0]["volumeMounts"] = Json::array({{{"name", "initscan-bin"}, {"mountPath", "/b"}}});
      },
      [](Json& s) {
        s["volumes"].push_back({{"name", "m"}, {"image", {{"reference", "model:1"}}}});
      },
      [](Json& s) {
        s["volumes"][0] = {{"name", s["volumes"][0]["name"]}, {"hostPath", {{"path", "/evil"}}}};
      },
      [](Json& s) {
        s["volumes"].push_back({{"name", "initscan-more"}, {"emptyDir", Json::object()}});
      }};
  for (std::size_t i = 0; i < tamperings.size(); ++i) {
    Json bad = good();
    tamperings[i](bad["spec"]);
    EXPECT_EQ(verdict(review("CREATE", bad), with()).substr(0, 6), "denied") << "tampering " << i;
    EXPECT_EQ(verdict(review("CREATE", good()), with()), "allowed unchanged");
  }
}

TEST_P(Validation, SaysWhatWouldChange) {
  Json bad = good();
  bad["spec"]["containers"][0]["imagePullPolicy"] = "Always";
  const ReviewAnswer answer = answer_validation(review("CREATE", bad).dump(), always(with()));
  EXPECT_NE(answer.error.find("/spec/containers/0/imagePullPolicy"), std::string::npos) << answer.error;
}

TEST_P(Validation, AReplicaOfAnotherReleaseIsAccepted) {
  InjectorConfig next = with();
  next.image = "example/initscan@sha256:2222";
  EXPECT_EQ(verdict(review("CREATE", good()), next), "denied not-final");
  next.accepted_images = {"example/initscan@sha256:0000", with().image};
  EXPECT_EQ(verdict(review("CREATE", good()), next), "allowed unchanged");
}

TEST_P(Validation, ReportingWarns) {
  InjectorConfig reporting = with();
  reporting.only_reports = true;
  EXPECT_EQ(verdict(review("CREATE", pod(kPlain)), reporting), "warned not-final");
  EXPECT_EQ(verdict(review("CREATE", good()), reporting), "allowed unchanged");
}

INSTANTIATE_TEST_SUITE_P(Modes, Validation, testing::Values(Mode::copy, Mode::volume),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST(Validation, AnnotationsBypassNothing) {
  Json forged = pod(kPlain);
  forged["metadata"]["annotations"] = {{"initscan.io/status", "{}"}, {"kubernetes.io/config.mirror", "x"}};
  forged["metadata"]["labels"] = {{"initscan.io/inject", "disabled"}};
  EXPECT_EQ(verdict(review("CREATE", forged)), "denied not-final");
  Json mirror = review("CREATE", forged);
  mirror["request"]["userInfo"]["groups"] = {"system:nodes", "system:authenticated"};
  EXPECT_EQ(verdict(mirror), "allowed mirror") << "a node says so";
}

TEST(Validation, AnUpdateKeepsEveryImage) {
  const Json good = patched(pod(kPlain), config()).pod;
  Json now = good;
  now["metadata"]["labels"] = {{"a", "b"}};
  EXPECT_EQ(verdict(review("UPDATE", now, good)), "allowed unchanged");
  now["spec"]["containers"][0]["image"] = "other:1";
  EXPECT_EQ(verdict(review("UPDATE", now, good)), "denied image-changed");
  now = good;
  now["spec"]["initContainers"][0]["image"] = "other:1";
  EXPECT_EQ(verdict(review("UPDATE", now, good)), "denied image-changed") << "also ours";
  EXPECT_EQ(verdict(review("UPDATE", pod(kPlain), pod(kPlain))), "allowed unchanged") << "older than the label";
}

class Ephemeral : public testing::TestWithParam<Mode> {
 protected:
  std::string added(Json container) const {
    Json now = good_;
    now["spec"]["ephemeralContainers"] = Json::array({std::move(container)});
    Json asked = review("UPDATE", now, good_);
    asked["request"]["subResource"] = "ephemeralcontainers";
    return verdict(asked, config(GetParam()));
  }
  Json good_ = patched(pod(kPlain), config(GetParam())).pod;
};

TEST_P(Ephemeral, OnlyWhatWasScanned) {
  EXPECT_EQ(added({{"name", "d"}, {"image", "busybox:1"}}), "denied ephemeral-container");
  EXPECT_EQ(added({{"name", "d"}, {"image", "shop:1"}}), "allowed unchanged");
  EXPECT_EQ(added({{"name", "d"}, {"image", "shop:1"}, {"imagePullPolicy", "Always"}}), "denied ephemeral-container");
  EXPECT_EQ(added({{"name", "d"}, {"image", "example/initscan@sha256:1111"}}), "denied ephemeral-container");
}

TEST_P(Ephemeral, ThoseThatAreThereStay) {
  good_["spec"]["ephemeralContainers"] = Json::array({{{"name", "old"}, {"image", "busybox:1"}}});
  EXPECT_EQ(added({{"name", "old"}, {"image", "busybox:1"}}), "allowed unchanged");
  EXPECT_EQ(added({{"name", "old"}, {"image", "busybox:2"}}), "denied ephemeral-container");
}

TEST_P(Ephemeral, APodFromBeforeTheLabelHasNothingScanned) {
  good_ = pod(kPlain);
  EXPECT_EQ(added({{"name", "d"}, {"image", "shop:1"}}), "denied ephemeral-container");
}

INSTANTIATE_TEST_SUITE_P(Modes, Ephemeral, testing::Values(Mode::copy, Mode::volume),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST(Validation, EverythingElseIsNotJudged) {
  for (const char* operation : {"DELETE", "CONNECT"}) {
    EXPECT_EQ(verdict(review(operation, nullptr)), "allowed not-judged");
  }
  for (const char* subresource : {"status", "binding", "eviction", "resize"}) {
    Json asked = review("UPDATE", nullptr);
    asked["request"]["subResource"] = subresource;
    EXPECT_EQ(verdict(asked), "allowed not-judged") << subresource;
  }
  Json system = review("CREATE", pod(kPlain));
  system["request"]["namespace"] = "kube-system";
  EXPECT_EQ(verdict(system), "allowed excluded-namespace");
  EXPECT_EQ(verdict(review("CREATE", pod(R"({"os":{"name":"windows"},"containers":[{"name":"a","image":"a"}]})"))),
            "allowed windows");
}

TEST(Validation, WhatCannotBeReadIsNotAdmitted) {
  EXPECT_EQ(verdict(review("CREATE", Json{{"spec", 7}})), "denied invalid-pod");
  EXPECT_EQ(verdict(review("UPDATE", pod(kPlain), Json{{"spec", 7}})), "denied invalid-pod");
  Json without = review("UPDATE", pod(kPlain));
  without["request"].erase("oldObject");
  EXPECT_EQ(verdict(without), "rejected an update without oldObject");
  without["request"].erase("object");
  EXPECT_EQ(verdict(without), "rejected a request without object");
}

}  // namespace
}  // namespace initscan
