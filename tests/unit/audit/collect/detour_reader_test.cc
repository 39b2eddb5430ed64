#include "audit/collect/detour_reader.h"

#include "audit/collect/json_parse.h"

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

// What a role grants by one binding, as it is told; "" for nothing.
std::string detours_of(const std::string& rules, const std::string& subject, bool of_cluster = true,
                       const std::string& binding_name = "ops") {
  DetourReader reader;
  simdjson::dom::parser parser;
  std::optional<Error> error;
  const std::string space = of_cluster ? "" : "shop";
  const std::string role = R"({"rules": [)" + rules + "]}";
  auto root = parse_json(role, parser);
  EXPECT_TRUE(root) << role;
  reader.add_role("", "r", JsonFields(*root, error));
  simdjson::dom::parser other;
  const std::string binding = R"({"roleRef": {"kind": "ClusterRole", "name": "r"}, "subjects": [)" + subject + "]}";
  root = parse_json(binding, other);
  EXPECT_TRUE(root) << binding;
  reader.add_binding(space, binding_name, JsonFields(*root, error));
  EXPECT_FALSE(error) << error->text;
  std::string text;
  for (const auto& [holder, held] : reader.finish()) {
    for (const Detour& detour : held) text += (text.empty() ? "" : "; ") + text_of(holder) + ": " + text_of(detour);
  }
  return text;
}

std::string rule(const char* group, const char* resource, const char* verb, const std::string& more = "") {
  return std::string(R"({"apiGroups": [")") + group + R"("], "resources": [")" + resource + R"("], "verbs": [")" +
         verb + "\"]" + more + "}";
}

const std::string kAlice = R"({"kind": "User", "name": "alice"})";

struct Case {
  const char* name;
  std::string rules;
  bool of_cluster;
  std::string want;
};

class RightsAroundTheGate : public testing::TestWithParam<Case> {};

TEST_P(RightsAroundTheGate, AreTold) {
  EXPECT_EQ(detours_of(GetParam().rules, kAlice, GetParam().of_cluster), GetParam().want);
}

std::string held(const std::string& rights) {
  return "User alice: " + rights + " (ClusterRoleBinding ops)";
}

INSTANTIATE_TEST_SUITE_P(
    Table, RightsAroundTheGate,
    testing::Values(
        Case{"NodesProxy", rule("", "nodes/proxy", "get"), true, held("nodes/proxy")},
        Case{"EveryProxy", rule("", "*/proxy", "get"), true, held("nodes/proxy")},
        Case{"NodesAlone", rule("", "nodes", "get"), true, ""},
        Case{"OtherGroup", rule("apps", "nodes/proxy", "get"), true, ""},
        Case{"NodesProxyInANamespace", rule("", "nodes/proxy", "get"), false, ""},
        Case{"Status", rule("", "pods/status", "patch"), false,
             "User alice: change pods/status in shop (RoleBinding ops)"},
        Case{"StatusIsRead", rule("", "pods/status", "get"), true, ""},
        Case{"Bypass", rule("initscan.io", "scanpolicies", "bypass"), true, held("bypass scanpolicies.initscan.io")},
        Case{"BypassByStar", rule("initscan.io", "*", "*"), true,
             held("bypass scanpolicies.initscan.io, change initscan's policies")},
        Case{"BypassInANamespace", rule("initscan.io", "*", "*"), false, ""},
        Case{"BypassOfOneName", rule("initscan.io", "scanpolicies", "bypass", R"(, "resourceNames": ["a"])"), true, ""},
        Case{"Admission", rule("admissionregistration.k8s.io", "validatingadmissionpolicybindings", "delete"), true,
             held("change admission policies or webhooks")},
        Case{"Impersonate", rule("", "groups", "impersonate"), true, held("impersonate others")},
        Case{"Escalate", rule("rbac.authorization.k8s.io", "clusterroles", "escalate"), true,
             held("grant rights that it does not hold")},
        Case{"Sign", rule("certificates.k8s.io", "signers", "approve"), true, held("approve or sign certificates")},
        Case{"Volumes", rule("", "persistentvolumes", "create"), true,
             held("create persistentvolumes, of a node's folders")},
        Case{"Tokens", rule("", "serviceaccounts/token", "create"), true, held("create serviceaccounts/token")},
        Case{"TwoRules", rule("", "pods", "get") + "," + rule("", "nodes/proxy", "create"), true, held("nodes/proxy")},
        Case{"Everything", rule("*", "*", "*"), true, held("everything")},
        Case{"EverythingInANamespace", rule("*", "*", "*"), false,
             "User alice: change pods/status in shop (RoleBinding ops)"},
        Case{"NoResources", R"({"nonResourceURLs": ["*"], "verbs": ["*"]})", true, ""}),
    [](const auto& test) { return test.param.name; });

TEST(Detours, AreOfEverybodyButKubernetesAndInitscan) {
  const std::string all = rule("*", "*", "*");
  const auto by = [&](const std::string& subject, const std::string& binding = "ops") {
    const std::string text = detours_of(all, subject, true, binding);
    return text.substr(0, text.find(':', std::min(text.size(), text.find(' ') + 15)));
  };
  EXPECT_EQ(by(R"({"kind": "Group", "name": "system:masters"})"), "");
  EXPECT_EQ(by(R"({"kind": "User", "name": "system:kube-scheduler"})"), "");
  EXPECT_EQ(by(R"({"kind": "ServiceAccount", "namespace": "initscan-system", "name": "injector"})"), "");
  EXPECT_EQ(by(R"({"kind": "ServiceAccount", "namespace": "kube-system", "name": "c"})", "system:controller:c"), "");
  EXPECT_NE(by(R"({"kind": "ServiceAccount", "namespace": "kube-system", "name": "c"})"), "");
  EXPECT_NE(by(R"({"kind": "Group", "name": "system:authenticated"})"), "");
  EXPECT_NE(by(R"({"kind": "User", "name": "system:anonymous"})"), "");
  EXPECT_EQ(detours_of(all, R"({"kind": "User", "name": "system:serviceaccount:shop:robot"})"),
            "ServiceAccount shop/robot: everything (ClusterRoleBinding ops)");
}

TEST(Detours, OfRolesThatAreNotThereAreNone) {
  EXPECT_TRUE(DetourReader().finish().empty());
}

}  // namespace
}  // namespace initscan::audit
