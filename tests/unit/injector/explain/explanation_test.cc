#include "injector/explain/explanation.h"

#include "initscan/policy/policy_file.h"
#include "injector/inject/manifest.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

class Explain : public testing::Test {
 protected:
  Explain() {
    around_.config.image = "example/initscan@sha256:1";
    around_.config.policy_name = "default";
    around_.config.policy_json = canonical_json(Policy{});
    around_.namespace_object.object =
        Json::parse(R"({"metadata":{"name":"shop","labels":{"initscan.io/inject":"enabled"},"managedFields":[
      {"manager":"kubectl","time":"2026-01-02T00:00:00Z","fieldsV1":{"f:metadata":{"f:labels":{"f:initscan.io/inject":{}}}}}]}})");
    around_.configuration.object = Json::parse(R"({"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z"},"webhooks":[
      {"clientConfig":{"url":"https://a/mutate"},"namespaceSelector":{"matchLabels":{"initscan.io/inject":"enabled"}}}]})");
    pod_ = Json::parse(
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop","creationTimestamp":"2026-01-03T00:00:00Z"},
      "spec":{"containers":[{"name":"a","image":"a:1"}]},"status":{"phase":"Running"}})");
  }
  std::string reason() {
    const auto explanation = explain_pod(pod_, around_);
    if (!explanation) return "error: " + explanation.error().text;
    EXPECT_FALSE(explanation->injected);
    return explanation->reasons.empty() ? "" : explanation->reasons.front();
  }
  Json injected() const { return Json::parse(inject_manifest(pod_.dump(), around_.config)->text); }

  Json pod_;
  PodSurroundings around_;
};

TEST_F(Explain, ANamespaceWithoutLabel) {
  around_.namespace_object.object["metadata"]["labels"] = nullptr;
  EXPECT_EQ(reason(), "namespace shop is not labelled: kubectl label namespace shop initscan.io/inject=enabled");
  around_.namespace_object.object["metadata"]["labels"] = {{"initscan.io/inject", "yes"}};
  EXPECT_EQ(reason(), "namespace shop is labelled initscan.io/inject=yes, not enabled");
}

TEST_F(Explain, ANamespaceThatIsLeftOut) {
  around_.configuration.object["webhooks"][0]["namespaceSelector"] = Json::parse(
      R"({"matchExpressions":[{"key":"kubernetes.io/metadata.name","operator":"NotIn","values":["shop"]}]})");
  EXPECT_EQ(reason(), "the webhook's namespaceSelector excludes namespace shop, although it is labelled");
}

TEST_F(Explain, ANamespaceThatMayNotBeRead) {
  around_.namespace_object = {nullptr, "GET /x: 403"};
  EXPECT_EQ(reason(), "namespace shop: not known: GET /x: 403");
}

TEST_F(Explain, WhatIsNeverInjected) {
  pod_["metadata"]["annotations"] = {{"kubernetes.io/config.mirror", "x"}};
  EXPECT_EQ(reason(), "it is the mirror of a static pod: the kubelet has started it, and nothing can change it");
  pod_["metadata"]["annotations"] = nullptr;
  pod_["spec"]["os"] = {{"name", "windows"}};
  EXPECT_EQ(reason(), "it is a Windows pod, and those are not scanned");
}

TEST_F(Explain, APodThatStaysAway) {
  pod_["metadata"]["labels"] = {{"initscan.io/inject", "disabled"}};
  EXPECT_NE(reason().find("someone who may bypass"), std::string::npos);
  around_.events = {{{"reason", "ScanBypassed"}, {"message", "eve started it"}},
                    {{"reason", "Pulled"}, {"message", "x"}}};
  EXPECT_EQ(reason(), "event ScanBypassed: eve started it");
  around_.events.clear();
  around_.config.allow_pod_opt_out = true;
  EXPECT_EQ(reason(), "it is labelled initscan.io/inject=disabled, and its policy allows that");
}

TEST_F(Explain, APodThatIsOlder) {
  pod_["metadata"]["creationTimestamp"] = "2026-01-01T12:00:00Z";
  EXPECT_EQ(reason(),
            "it was created at 2026-01-01T12:00:00Z, before kubectl labelled its namespace at 2026-01-02T00:00:00Z; "
            "replace it");
  around_.namespace_object.object["metadata"].erase("managedFields");
  EXPECT_TRUE(reason().starts_with("it was created before its namespace was labelled, or the injector did not answer"))
      << reason();
  pod_["metadata"]["creationTimestamp"] = "2025-12-31T00:00:00Z";
  EXPECT_EQ(
      reason(),
      "it was created at 2025-12-31T00:00:00Z, before the webhook was installed at 2026-01-01T00:00:00Z; replace it");
}

TEST_F(Explain, AWebhookThatIsMissingHiddenOrDown) {
  EXPECT_NE(reason().find("no replica of it is ready now either"), std::string::npos);
  around_.endpoints.items = {{{"endpoints", {{{"addresses", {"10.0.0.1"}}}}}}};
  EXPECT_NE(reason().find("it fails open"), std::string::npos);
  around_.configuration = {nullptr, "GET /y: 403"};
  EXPECT_EQ(reason(), "the webhook: not known: GET /y: 403");
  around_.configuration = {};
  EXPECT_EQ(reason(), "there is no MutatingWebhookConfiguration: initscan is not installed as a webhook");
}

TEST_F(Explain, WhatTheInjectorWouldMake) {
  const auto explanation = explain_pod(pod_, around_);
  ASSERT_TRUE(explanation);
  EXPECT_EQ(explanation->before.find("initscan-gate"), std::string::npos);
  EXPECT_NE(explanation->after.find("initscan-gate"), std::string::npos);
  EXPECT_EQ(explanation->before.find("Running"), std::string::npos) << "the state of its life is no part of it";
}

TEST_F(Explain, SaysByWhatAPodWasInjected) {
  pod_ = injected();
  auto explanation = explain_pod(pod_, around_);
  ASSERT_TRUE(explanation);
  EXPECT_TRUE(explanation->injected);
  ASSERT_EQ(explanation->reasons.size(), 2u);
  EXPECT_EQ(explanation->reasons[0], "policy default, mode copy, image example/initscan@sha256:1");
  EXPECT_EQ(explanation->reasons[1], "it is as the injector would make it now");
  around_.config.image = "example/initscan@sha256:2";
  explanation = explain_pod(pod_, around_);
  EXPECT_NE(
      explanation->reasons[1].find("differently now (image example/initscan@sha256:1, now example/initscan@sha256:2)"),
      std::string::npos)
      << explanation->reasons[1];
  around_.config.image = "example/initscan@sha256:1";
  around_.config.servers = {"--report-to=https://a:1", "--server-token=/initscan/token/token",
                            "--server-ca-inline=AAAA"};
  explanation = explain_pod(pod_, around_);
  EXPECT_NE(explanation->reasons[1].find(
                "differently now (servers none, now --report-to=https://a:1 authority 63c1dd951ffe)"),
            std::string::npos)
      << explanation->reasons[1];
  around_.unread = "you may not get finalstates.initscan.io in initscan-system";
  explanation = explain_pod(pod_, around_);
  EXPECT_TRUE(explanation->is_undecided);
  EXPECT_EQ(explanation->reasons[1],
            "whether the injector would make it the same now is not known: you may not get finalstates.initscan.io in "
            "initscan-system");
}

TEST_F(Explain, WhatIsNoPod) {
  pod_["spec"] = nullptr;
  EXPECT_EQ(reason(), "error: Pod/web: no spec");
}

class ExplainVerdict : public Explain {
 protected:
  std::vector<std::string> reasons(const char* statuses) {
    Json pod = injected();
    pod["metadata"]["ownerReferences"] =
        Json::parse(R"([{"kind":"ReplicaSet","name":"web","uid":"1","controller":true}])");
    pod["status"] = {{"phase", "Pending"}, {"initContainerStatuses", Json::parse(statuses)}};
    const auto explanation = explain_pod(pod, around_);
    if (!explanation) return {"error: " + explanation.error().text};
    is_blocked_ = explanation->is_blocked;
    code_ = exit_code_of(*explanation);
    return explanation->reasons;
  }

  bool is_blocked_ = false;
  ExitCode code_ = ExitCode::usage;
};

constexpr const char* kRefused = R"([{"name":"initscan-gate","state":{"waiting":{"reason":"CrashLoopBackOff"}},
  "lastState":{"terminated":{"exitCode":2,"message":"initscan: FAIL 1 of policy\nCVE-1 openssl\n"}}}])";

TEST_F(ExplainVerdict, OfABlockedPodIsShownWithWhatToDo) {
  const auto all = reasons(kRefused);
  EXPECT_TRUE(is_blocked_);
  EXPECT_EQ(code_, ExitCode::policy_failed);
  EXPECT_EQ(all[0], "it is refused: initscan: FAIL 1 of policy");
  EXPECT_EQ(all[1], "  CVE-1 openssl");
  EXPECT_EQ(all[2],
            "use a fixed image; or accept the finding with a ScanExemption, and then: kubectl delete pod web -n shop "
            "(a new one replaces it, and is scanned)");
}

TEST_F(ExplainVerdict, OfAnOldPolicyIsSaidToBeOld) {
  Json pod = injected();
  around_.config.policy_json = "{}";
  pod["status"] = {{"initContainerStatuses", Json::parse(kRefused)}};
  const auto explanation = explain_pod(pod, around_);
  ASSERT_TRUE(explanation);
  EXPECT_EQ(explanation->reasons[2],
            "its policy has changed since, but a pod keeps what it was created with: kubectl delete "
            "pod web -n shop, and create it again");
}

TEST_F(ExplainVerdict, SaysWhatToDoOfAJobAndOfWhatIsUndecided) {
  EXPECT_TRUE(
      reasons(R"([{"name":"initscan-gate","state":{"terminated":{"exitCode":1,"message":"no data"}}}])")[1].starts_with(
          "fix what kept it from deciding, or let the policy allow that, "));
  Json pod = injected();
  pod["metadata"]["ownerReferences"] = Json::parse(R"([{"kind":"Job","name":"nightly","controller":true}])");
  pod["status"] = {{"initContainerStatuses", Json::parse(kRefused)}};
  const auto explanation = explain_pod(pod, around_);
  ASSERT_TRUE(explanation);
  EXPECT_TRUE(explanation->reasons[2].ends_with("kubectl delete job nightly -n shop, and create it again"))
      << explanation->reasons[2];
}

TEST_F(ExplainVerdict, OfAContainerThatDoesNotStartIsNoneAndSaysWhatToDo) {
  struct Stuck {
    const char* container;
    const char* reason;
    const char* advice;  // how it starts; "" for none
  };
  for (const Stuck& stuck :
       {Stuck{"initscan-install", "ErrImagePull", "its node cannot pull the image that it names"},
        Stuck{"initscan-gate", "ImagePullBackOff", "its node cannot pull the image that it names"},
        Stuck{"initscan-collect-0", "ImagePullBackOff", "its node cannot pull the pod's own image"},
        Stuck{"initscan-collect-0", "CreateContainerError", "its node starts no program"},
        Stuck{"initscan-gate", "CreateContainerError", "its node may not mount images"},
        Stuck{"initscan-gate", "SomethingNew", ""}}) {
    const Json statuses = Json::array(
        {{{"name", stuck.container}, {"state", {{"waiting", {{"reason", stuck.reason}, {"message", "why"}}}}}}});
    const auto all = reasons(statuses.dump().c_str());
    EXPECT_EQ(all[0], std::string("it waits: ") + stuck.container + ": " + stuck.reason + ": why");
    EXPECT_TRUE(all[1].starts_with(*stuck.advice == '\0' ? "policy " : stuck.advice)) << all[1];
    EXPECT_EQ(code_, ExitCode::undecided);
  }
}

TEST_F(ExplainVerdict, OfAPodWithoutANodeSaysWhatTheSchedulerSays) {
  Json pod = injected();
  pod["status"] = Json::parse(R"({"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False",
    "reason":"Unschedulable","message":"0/3 nodes are available"}]})");
  const auto explanation = explain_pod(pod, around_);
  ASSERT_TRUE(explanation);
  EXPECT_EQ(explanation->reasons[0], "it waits for a node: 0/3 nodes are available");
  EXPECT_EQ(exit_code_of(*explanation), ExitCode::pass) << "nothing of initscan's keeps it";
}

TEST_F(ExplainVerdict, SaysHowElseAScanEnded) {
  EXPECT_EQ(
      reasons(R"([{"name":"initscan-gate","state":{"terminated":{"exitCode":0,"message":"initscan: PASS\n"}}}])")[0],
      "it has passed: initscan: PASS");
  EXPECT_EQ(
      reasons(R"([{"name":"initscan-gate","state":{"terminated":{"exitCode":1,"message":"initscan: no data\n"}}}])")[0],
      "the scan could not decide, so it does not start: initscan: no data");
  EXPECT_EQ(reasons(R"([{"name":"initscan-gate","state":{"terminated":{"exitCode":137}}}])")[0],
            "the scan was stopped (exit code 137, and no message)");
  EXPECT_EQ(code_, ExitCode::undecided);
  EXPECT_EQ(reasons(R"([{"name":"initscan-gate","state":{"running":{}}}])")[0], "it is being scanned");
  EXPECT_EQ(
      reasons(R"([{"name":"initscan-install","state":{"waiting":{"reason":"ErrImagePull","message":"denied"}}}])")[0],
      "it waits: initscan-install: ErrImagePull: denied");
}

}  // namespace
}  // namespace initscan::injector
