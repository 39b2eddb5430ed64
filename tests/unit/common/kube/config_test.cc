#include "common/kube/config.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

struct UrlCase {
  const char* name;
  std::string_view url;
  std::string host, port, prefix;  // host "": must be refused
};

class ServerUrl : public testing::TestWithParam<UrlCase> {};

TEST_P(ServerUrl, IsSplit) {
  const UrlCase& c = GetParam();
  KubeConfig config;
  const auto read = read_server_url(c.url, config);
  ASSERT_EQ(read.has_value(), !c.host.empty());
  if (!read) return;
  EXPECT_EQ(config.host, c.host);
  EXPECT_EQ(config.port, c.port);
  EXPECT_EQ(config.path_prefix, c.prefix);
}

INSTANTIATE_TEST_SUITE_P(Table, ServerUrl,
                         testing::Values(UrlCase{"Plain", "https://a.example", "a.example", "443", ""},
                                         UrlCase{"Port", "https://10.0.0.1:6443", "10.0.0.1", "6443", ""},
                                         UrlCase{"V6", "https://[fd00::1]:6443/", "fd00::1", "6443", ""},
                                         UrlCase{"V6WithoutPort", "https://[fd00::1]", "fd00::1", "443", ""},
                                         UrlCase{"Prefix", "https://a/k8s/c1/", "a", "443", "/k8s/c1"},
                                         UrlCase{"InTheClear", "http://a", "", "", ""},
                                         UrlCase{"NoHost", "https://:1", "", "", ""},
                                         UrlCase{"PortIsNoNumber", "https://a:b", "", "", ""},
                                         UrlCase{"UserInIt", "https://u@a", "", "", ""},
                                         UrlCase{"LineBreak", "https://a/x\r\ny", "", "", ""}),
                         [](const auto& test) { return test.param.name; });

constexpr const char* kConfig = R"(apiVersion: v1
kind: Config
current-context: one
contexts:
- {name: one, context: {cluster: c, user: u, namespace: shop}}
- {name: exec, context: {cluster: c, user: e}}
- {name: open, context: {cluster: o, user: u}}
- {name: nobody, context: {cluster: c, user: gone}}
clusters:
- {name: c, cluster: {server: "https://a:6443", certificate-authority-data: Q0E=}}
- {name: o, cluster: {server: "https://a:6443", insecure-skip-tls-verify: true}}
users:
- {name: u, user: {token: secret}}
- {name: e, user: {exec: {command: aws}}}
)";

TEST(Kubeconfig, TakesTheCurrentContext) {
  const auto config = parse_kubeconfig(kConfig, "/", "");
  ASSERT_TRUE(config) << config.error().text;
  EXPECT_EQ(config->host, "a");
  EXPECT_EQ(config->ca_pem, "CA");
  EXPECT_EQ(config->token, "secret");
  EXPECT_EQ(config->namespace_, "shop");
  EXPECT_EQ(config->context, "one");
}

TEST(Kubeconfig, SaysWhatItCannotUse) {
  const auto error = [](const char* context) {
    const auto config = parse_kubeconfig(kConfig, "/", context);
    return config ? std::string() : config.error().text;
  };
  EXPECT_EQ(error("exec"), "user e: exec: credential plugins are not run; use a token (kubectl create token NAME)");
  EXPECT_EQ(error("open"),
            "cluster o: insecure-skip-tls-verify is not honoured; put the authority into certificate-authority");
  EXPECT_EQ(error("nobody"), "users: no \"gone\"");
  EXPECT_EQ(error("two"), "contexts: no \"two\"");
  EXPECT_EQ(parse_kubeconfig("a: [", "/", "").error().code, Errc::malformed);
  EXPECT_EQ(parse_kubeconfig("[]", "/", "").error().text, "want a kubeconfig: a mapping");
  EXPECT_EQ(parse_kubeconfig("{}", "/", "").error().text, "no current-context; name one with --context");
}

Result<KubeConfig> config_with(const std::string& user) {
  return parse_kubeconfig(
      "{current-context: x, contexts: [{name: x, context: {cluster: c, user: u}}], "
      "clusters: [{name: c, cluster: {server: 'https://a'}}], users: [{name: u, user: " +
          user + "}]}",
      "/", "");
}

TEST(Kubeconfig, ActsAsWhomItNames) {
  const auto config = config_with(
      "{token: t, as: jane, as-uid: '7', as-groups: [dev, ops], as-user-extra: {scopes: [view, edit], a/b: [c]}}");
  ASSERT_TRUE(config) << config.error().text;
  EXPECT_EQ(config->as,
            (Impersonation{"jane", "7", {"dev", "ops"}, {{"scopes", "view"}, {"scopes", "edit"}, {"a/b", "c"}}}));
  EXPECT_EQ(config_with("{token: t}")->as, Impersonation{});
}

TEST(Kubeconfig, ActsAsNobodyByHalves) {
  const auto error = [](const std::string& user) {
    const auto config = config_with(user);
    return config ? std::string() : config.error().text;
  };
  EXPECT_EQ(error("{as-groups: [dev]}"), "user u: as-uid, as-groups and as-user-extra want an \"as\" beside them");
  EXPECT_EQ(error("{as: jane, as-groups: dev}"), "user u: as-groups: want a list");
  EXPECT_EQ(error("{as: [jane]}"), "user u: as: want text");
  EXPECT_EQ(error("{as: jane, as-user-extra: [x]}"), "user u: as-user-extra: want a mapping");
  EXPECT_EQ(error("{as: \"jane\\r\\nImpersonate-Group: system:masters\"}"),
            "user u: as: holds a line break or another control character");
  EXPECT_EQ(error("{as: jane, as-user-extra: {\"a\\nb\": [c]}}"),
            "user u: as-user-extra: holds a line break or another control character");
}

}  // namespace
}  // namespace initscan
