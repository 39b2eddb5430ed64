#include "injector/cluster/hardening_reader.h"

#include "injector/cluster/settings.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

TEST(HardeningReader, ReadsEverything) {
  const auto read = read_hardening(Json::parse(R"({"seccompProfile":{"type":"RuntimeDefault"},
    "appArmorProfile":{"type":"Localhost","localhostProfile":"shop"},"seLinuxOptions":{"level":"s0:c1"},
    "allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"writablePaths":["/tmp","/var/run"]})"));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(*read, (Hardening{true, true, "shop", {"", "", "", "s0:c1"}, true, true, {"/tmp", "/var/run"}}));
  EXPECT_EQ(*read_hardening(nullptr), Hardening{});
  EXPECT_EQ(*read_hardening(Json::object()), Hardening{});
}

struct Bad {
  const char* name;
  const char* section;
  std::string_view error;
};

class HardeningRefuses : public testing::TestWithParam<Bad> {};

TEST_P(HardeningRefuses, WithTheKey) {
  const auto read = read_hardening(Json::parse(GetParam().section));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text.substr(0, GetParam().error.size()), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Table, HardeningRefuses,
    testing::Values(
        Bad{"AList", "[]", "hardening: want a mapping"},
        Bad{"AnUnknownKey", R"({"seccomp":true})", "hardening: unknown key \"seccomp\"; known are seccompProfile"},
        Bad{"Unconfined", R"({"seccompProfile":{"type":"Unconfined"}})",
            "hardening: seccompProfile: want {type: RuntimeDefault}"},
        Bad{"AProfileWithoutName", R"({"appArmorProfile":{"type":"Localhost"}})", "hardening: appArmorProfile: want"},
        Bad{"NoOptions", R"({"seLinuxOptions":{}})", "hardening: seLinuxOptions: want text"},
        Bad{"ANumberAsLevel", R"({"seLinuxOptions":{"level":7}})", "hardening: seLinuxOptions: want text"},
        Bad{"AllowingEscalation", R"({"allowPrivilegeEscalation":true})",
            "hardening: allowPrivilegeEscalation: want false"},
        Bad{"AWritableRoot", R"({"readOnlyRootFilesystem":false})", "hardening: readOnlyRootFilesystem: want true"},
        Bad{"PathsOfNothing", R"({"writablePaths":["/tmp"]})",
            "hardening: writablePaths without readOnlyRootFilesystem"},
        Bad{"ARelativePath", R"({"writablePaths":["tmp"]})", "hardening: writablePaths: want absolute paths"},
        Bad{"TheRoot", R"({"writablePaths":["/"]})", "hardening: writablePaths: want absolute paths"},
        Bad{"AWayUp", R"({"writablePaths":["/a/../b"]})", "hardening: writablePaths: want absolute paths"},
        Bad{"ASlashAtTheEnd", R"({"writablePaths":["/tmp/"]})", "hardening: writablePaths: want absolute paths"},
        Bad{"OneInTheOther", R"({"writablePaths":["/tmp","/tmp/a"]})",
            "hardening: writablePaths: /tmp and /tmp/a lie one inside"},
        Bad{"ANumber", R"({"writablePaths":[7]})", "hardening: writablePaths: want absolute paths"}),
    [](const auto& test) { return test.param.name; });

TEST(HardeningRefuses, TooManyPaths) {
  Json paths = Json::array();
  for (std::size_t i = 0; i <= kMaxWritablePaths; ++i) paths.push_back("/p" + std::to_string(i));
  EXPECT_EQ(read_hardening({{"writablePaths", paths}}).error().text, "hardening: writablePaths: more than 20");
}

TEST(HardeningReader, ANamespaceGetsThatOfItsPolicy) {
  ClusterSettings settings{InjectorConfig{}, Policy{}, ModeWish::automatic, Mode::copy};
  settings.put(SettingsKind::cluster_policy, Json::parse(R"({"metadata":{"name":"hard"},
    "spec":{"failOn":{"severity":"low"},"hardening":{"allowPrivilegeEscalation":false}}})"));
  settings.put(SettingsKind::namespace_,
               Json::parse(R"({"metadata":{"name":"shop","labels":{"initscan.io/inject":"enabled",
    "initscan.io/enforcement":"report"},"annotations":{"initscan.io/policy":"hard"}}})"));
  EXPECT_TRUE(settings.for_namespace("shop")->hardening.no_privilege_escalation);
  EXPECT_TRUE(settings.for_namespace("shop")->only_reports);
  EXPECT_FALSE(settings.for_namespace("other")->hardening.no_privilege_escalation);
  EXPECT_FALSE(settings.for_namespace("other")->only_reports);
  EXPECT_TRUE(settings.complaints().empty());
}

}  // namespace
}  // namespace initscan::injector
