#include "injector/admission/validation.h"

#include "tests/unit/injector/inject/patched.h"

#include <functional>

#include <gtest/gtest.h>

namespace initscan::injector {
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

std::string words_of(const ReviewAnswer& answer) {
  return std::string(to_string(answer.decision)) + ' ' + std::string(to_string(answer.reason));
}

std::string verdict(const Json& asked, const InjectorConfig& with = config()) {
  const ReviewAnswer answer = answer_validation(asked.dump(), always(with));
  if (answer.http_status != 200) return std::string(to_string(answer.decision)) + ' ' + answer.error;
  const Json response = Json::parse(answer.body)["response"];
  EXPECT_EQ(response["uid"], "u-1");
  EXPECT_EQ(response["allowed"], answer.decision != Decision::denied);
  EXPECT_EQ(response.contains("warnings"), answer.decision == Decision::warned);
  EXPECT_FALSE(response.contains("patch"));
  return words_of(answer);
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
  EXPECT_EQ(words_of(answer), "denied not-final");
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
      [](Json& s) { s["initContainers"].back()["terminationMessagePath"] = "/var/lib/dpkg/status"; },
      [](Json& s) { s["initContainers"].back()["terminationMessagePolicy"] = "FallbackToLogsOnError"; },
      [](Json& s) {
        s["initContainers"].back()["resources"]["claims"] = Json::array({{{"name", "device"}}});
      },
      [](Json& s) { s["initContainers"].back()["resources"]["limits"]["example.com/device"] = "1"; },
      [](Json& s) { s["initContainers"].back()["stdin"] = true; },
      [](Json& s) { s["initContainers"].back()["tty"] = true; },
      [](Json& s) { s["initContainers"].back()["volumeMounts"][0]["mountPropagation"] = "HostToContainer"; },
      [](Json& s) { s["initContainers"].back()["volumeMounts"][0].erase("readOnly"); },
      [](Json& s) {
        s["securityContext"]["appArmorProfile"] = {{"type", "Localhost"}, {"localhostProfile", "blind"}};
      },
      [](Json& s) { s["securityContext"]["seLinuxOptions"]["type"] = "blind_t"; },
      [](Json& s) {
        s["initContainers"].back()["volumeMounts"].push_back(
            {{"name", "v"}, {"mountPath", "/var/run/secrets/kubernetes.io/serviceaccount"}});
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

TEST_P(Validation, NoTokenIsMountedBesideACollector) {
  const Json token{{"name", "kube-api-access-1"},
                   {"mountPath", "/var/run/secrets/kubernetes.io/serviceaccount"},
                   {"readOnly", true}};
  const char* const want = GetParam() == Mode::copy ? "denied not-final" : "allowed unchanged";
  for (std::size_t i = 0; i < good()["spec"]["initContainers"].size(); ++i) {
    Json more = good();
    more["spec"]["containers"][0]["volumeMounts"] = Json::array({token});
    Json instead = more;
    more["spec"]["initContainers"][i]["volumeMounts"].push_back(token);
    EXPECT_EQ(verdict(review("CREATE", more), with()), want);
    instead["spec"]["initContainers"][i]["volumeMounts"].back() = token;
    EXPECT_EQ(verdict(review("CREATE", instead), with()), "denied not-final");
  }
}

TEST_P(Validation, OursNameTheirProfileWhereThePodsOwnCouldBlindThem) {
  Json profiled = pod(kPlain);
  profiled["spec"]["securityContext"] = {{"appArmorProfile", {{"type", "Localhost"}, {"localhostProfile", "shop"}}},
                                         {"seLinuxOptions", {{"type", "shop_t"}, {"level", "s0:c1,c2"}}}};
  const Json made = patched(profiled, with()).pod;
  for (const Json& container : made["spec"]["initContainers"]) {
    EXPECT_EQ(container["securityContext"]["appArmorProfile"], (Json{{"type", "RuntimeDefault"}}));
    EXPECT_EQ(container["securityContext"]["seLinuxOptions"], (Json{{"type", "container_t"}, {"level", "s0:c1,c2"}}));
  }
  EXPECT_EQ(verdict(review("CREATE", made), with()), "allowed unchanged");
  InjectorConfig hardened = with();
  hardened.hardening.app_armor = true;
  hardened.hardening.app_armor_profile = "shop";
  hardened.hardening.se_linux.type = "shop_t";
  const Json also = patched(pod(kPlain), hardened).pod;
  EXPECT_EQ(also["spec"]["securityContext"]["appArmorProfile"]["type"], "Localhost");
  EXPECT_EQ(also["spec"]["initContainers"][0]["securityContext"]["appArmorProfile"]["type"], "RuntimeDefault");
  EXPECT_EQ(verdict(review("CREATE", also), hardened), "allowed unchanged");
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

TEST_P(Validation, WhatGatesAreToldOfServersIsAccepted) {
  InjectorConfig telling = with();
  telling.servers = {"--report-to=https://a", "--server-token=/initscan/token/token", "--server-ca-inline=AAAA"};
  EXPECT_EQ(verdict(review("CREATE", good()), telling), "denied not-final") << "one that tells nobody";
  telling.accepted_servers = {"none"};
  EXPECT_EQ(verdict(review("CREATE", good()), telling), "allowed unchanged") << "while it is switched on";
  const Json told = patched(pod(kPlain), telling).pod;
  EXPECT_EQ(verdict(review("CREATE", told), telling), "allowed unchanged");
  EXPECT_EQ(verdict(review("CREATE", told), with()), "denied not-final");
  InjectorConfig renewed = telling;
  renewed.servers.back() = "--server-ca-inline=BBBB";
  EXPECT_EQ(verdict(review("CREATE", told), renewed), "denied not-final");
  renewed.accepted_servers = {"--report-to=https://a|--server-token=/initscan/token/token|--server-ca-inline=AAAA"};
  renewed.accepted_images = {"example/initscan@sha256:0000"};
  EXPECT_EQ(verdict(review("CREATE", told), renewed), "allowed unchanged");
}

TEST_P(Validation, ReportingWarns) {
  InjectorConfig reporting = with();
  reporting.only_reports = true;
  EXPECT_EQ(verdict(review("CREATE", pod(kPlain)), reporting), "warned not-final");
  EXPECT_EQ(verdict(review("CREATE", good()), reporting), "allowed unchanged");
}

TEST_P(Validation, ReportingWarnsOfACollectorWhereNoneMayRun) {
  InjectorConfig reporting = with();
  reporting.volumes_only = true;
  EXPECT_EQ(verdict(review("CREATE", good()), reporting),
            GetParam() == Mode::copy ? "denied invalid-pod" : "allowed unchanged");
  reporting.only_reports = true;
  EXPECT_EQ(verdict(review("CREATE", good()), reporting),
            GetParam() == Mode::copy ? "warned collector" : "allowed unchanged");
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

constexpr const char* kDebug = "example/busybox@sha256:2222";

Json ended(Json state) {
  return {{"initContainerStatuses", Json::array({{{"name", "initscan-gate"}, {"state", std::move(state)}}})}};
}

class Ephemeral : public testing::TestWithParam<Mode> {
 protected:
  ReviewAnswer asked(Json container) const {
    Json now = good_;
    now["spec"]["ephemeralContainers"] = Json::array({std::move(container)});
    Json asked = review("UPDATE", now, good_);
    asked["request"]["subResource"] = "ephemeralcontainers";
    InjectorConfig with = config(GetParam());
    with.debug_images = {kDebug};
    return answer_validation(asked.dump(), always(with));
  }
  std::string added(Json container) const {
    const ReviewAnswer answer = asked(std::move(container));
    return words_of(answer);
  }
  std::string said(Json container) const { return asked(std::move(container)).error; }

  Json good_ = [] {
    Json made = patched(pod(kPlain), config(GetParam())).pod;
    made["status"] = ended({{"terminated", {{"exitCode", 0}}}});
    return made;
  }();
};

TEST_P(Ephemeral, NothingBeforeTheGateEndedWell) {
  const Json scanned{{"name", "d"}, {"image", "shop:1"}};
  const Json debug{{"name", "d"}, {"image", kDebug}};
  for (const Json& status :
       {Json::object(), ended({{"running", Json::object()}}), ended({{"terminated", {{"exitCode", 2}}}}),
        ended({{"terminated", Json::object()}}), ended({{"waiting", {{"reason", "CrashLoopBackOff"}}}}),
        Json{{"initContainerStatuses", {{{"name", "other"}, {"state", {{"terminated", {{"exitCode", 0}}}}}}}}}}) {
    good_["status"] = status;
    for (const Json& container : {scanned, debug}) {
      EXPECT_EQ(said(container),
                "initscan: nothing can be attached to this pod before its scan has passed; see kubectl logs POD -c "
                "initscan-gate")
          << status;
    }
  }
}

TEST_P(Ephemeral, MayBeAnImageForDebugging) {
  EXPECT_EQ(added({{"name", "d"}, {"image", kDebug}}), "allowed unchanged");
  EXPECT_EQ(added({{"name", "d"}, {"image", kDebug}, {"imagePullPolicy", "Always"}}), "allowed unchanged");
}

TEST_P(Ephemeral, MayHaveNothingOfOurs) {
  const Json ours = Json::array({{{"name", "initscan-sbom-0"}, {"mountPath", "/x"}}});
  const Json writable = Json::array({{{"name", "initscan-rw-1"}, {"mountPath", "/tmp"}}});
  for (const char* const image : {"shop:1", kDebug}) {
    for (const Json& container : {Json{{"name", "initscan-d"}, {"image", image}},
                                  Json{{"name", "d"}, {"image", image}, {"targetContainerName", "initscan-gate"}},
                                  Json{{"name", "d"}, {"image", image}, {"volumeMounts", ours}}}) {
      EXPECT_NE(
          said(container).find("has one of its names, mounts one of its volumes or targets one of its containers"),
          std::string::npos)
          << container;
    }
    EXPECT_EQ(added({{"name", "d"}, {"image", image}, {"targetContainerName", "app"}, {"volumeMounts", writable}}),
              "allowed unchanged");
  }
}

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
  EXPECT_EQ(said({{"name", "d"}, {"image", kDebug}}),
            "initscan: nothing can be attached to this pod, because it was never scanned (it is older than its "
            "namespace's label, or bypassed the scan); replace it");
}

INSTANTIATE_TEST_SUITE_P(Modes, Ephemeral, testing::Values(Mode::copy, Mode::volume),
                         [](const auto& test) { return std::string(to_string(test.param)); });

Json connection(const char* subresource, Json options) {
  Json asked = review("CONNECT", std::move(options));
  asked["request"]["subResource"] = subresource;
  return asked;
}

TEST(Validation, NoCommandInOurContainers) {
  for (const char* const how : {"exec", "attach"}) {
    for (const char* const ours : {"initscan-install", "initscan-collect-0", "initscan-gate", "initscan-"}) {
      EXPECT_EQ(verdict(connection(how, {{"container", ours}})), "denied connection");
    }
    EXPECT_EQ(verdict(connection(how, {{"container", "app"}})), "allowed unchanged");
    EXPECT_EQ(verdict(connection(how, Json::object())), "allowed unchanged") << "the only one, which is not ours";
    EXPECT_EQ(verdict(connection(how, nullptr)), "rejected a request without object");
  }
  EXPECT_EQ(verdict(connection("portforward", {{"ports", {80}}})), "allowed not-judged");
  InjectorConfig reporting = config();
  reporting.only_reports = true;
  EXPECT_EQ(verdict(connection("exec", {{"container", "initscan-gate"}}), reporting), "warned connection");
}

Json namespace_(Json labels, Json annotations = nullptr) {
  Json metadata{{"name", "shop"}, {"labels", std::move(labels)}};
  if (!annotations.is_null()) metadata["annotations"] = std::move(annotations);
  return {{"metadata", std::move(metadata)}};
}

std::string changed(Json before, Json now, const InjectorConfig& with = config(), const char* subresource = "") {
  Json asked = review("UPDATE", std::move(now), std::move(before));
  asked["request"]["resource"]["resource"] = "namespaces";
  asked["request"]["subResource"] = subresource;
  return verdict(asked, with);
}

TEST(Validation, WhatANamespaceSaysToUsStays) {
  const Json enabled = namespace_({{"initscan.io/inject", "enabled"}}, {{"initscan.io/policy", "strict"}});
  const Json others =
      namespace_({{"initscan.io/inject", "enabled"}, {"team", "a"}}, {{"initscan.io/policy", "strict"}, {"note", "b"}});
  EXPECT_EQ(changed(enabled, others), "allowed unchanged");
  EXPECT_EQ(changed(others, enabled), "allowed unchanged");
  for (const Json& now : {namespace_(Json::object(), {{"initscan.io/policy", "strict"}}),
                          namespace_({{"initscan.io/inject", "disabled"}}, {{"initscan.io/policy", "strict"}}),
                          namespace_({{"initscan.io/inject", "enabled"}, {"initscan.io/enforcement", "report"}},
                                     {{"initscan.io/policy", "strict"}}),
                          namespace_({{"initscan.io/inject", "enabled"}}, {{"initscan.io/policy", "lenient"}}),
                          namespace_({{"initscan.io/inject", "enabled"}})}) {
    for (const char* const subresource : {"", "finalize", "status"}) {
      EXPECT_EQ(changed(enabled, now, config(), subresource), "denied namespace-changed") << now;
    }
    EXPECT_EQ(changed(now, enabled), "denied namespace-changed") << now;
  }
  InjectorConfig reporting = config();
  reporting.only_reports = true;
  EXPECT_EQ(changed(enabled, namespace_(Json::object()), reporting), "denied namespace-changed");
}

TEST(Validation, ByDigestWhereThePolicyDemandsIt) {
  InjectorConfig with = config();
  const Json by_tag = patched(pod(kPlain), with).pod;
  const std::string digest(64, '1');
  const Json by_digest =
      patched(pod((R"({"containers":[{"name":"app","image":"shop@sha256:)" + digest + "\"}]}").c_str()), with).pod;
  with.require_digest = Reaction::warn;
  EXPECT_EQ(verdict(review("CREATE", by_tag), with), "allowed unchanged") << "it is told when it is injected";
  with.require_digest = Reaction::deny;
  EXPECT_EQ(verdict(review("CREATE", by_tag), with), "denied no-digest");
  EXPECT_EQ(verdict(review("CREATE", by_digest), with), "allowed unchanged");
  with.allow_pod_opt_out = true;
  Json away = pod(kPlain);
  away["metadata"]["labels"] = {{"initscan.io/inject", "disabled"}};
  EXPECT_EQ(verdict(review("CREATE", away), with), "allowed opted-out");
}

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
}  // namespace initscan::injector
