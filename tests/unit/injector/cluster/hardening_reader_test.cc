#include "injector/cluster/hardening_reader.h"

#include "common/config/from_json.h"
#include "injector/cluster/settings.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

Result<Hardening> read(const Json& section) {
  return read_hardening(*config_from_json(section));
}

TEST(HardeningReader, ReadsEverything) {
  const auto hardening = read(Json::parse(R"({"seccompProfile":{"type":"RuntimeDefault"},
    "appArmorProfile":{"type":"Localhost","localhostProfile":"shop"},"seLinuxOptions":{"level":"s0:c1"},
    "allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"writablePaths":["/tmp","/var/run"]})"));
  ASSERT_TRUE(hardening) << hardening.error().text;
  EXPECT_EQ(*hardening, (Hardening{true, true, "shop", {"", "", "", "s0:c1"}, true, true, {"/tmp", "/var/run"}}));
  EXPECT_EQ(*read(nullptr), Hardening{});
  EXPECT_EQ(*read(Json::object()), Hardening{});
}

struct Bad {
  const char* name;
  const char* section;
  std::string_view error;
};

class HardeningRefuses : public testing::TestWithParam<Bad> {};

TEST_P(HardeningRefuses, WithTheKey) {
  const auto hardening = read(Json::parse(GetParam().section));
  ASSERT_FALSE(hardening);
  EXPECT_EQ(hardening.error().text, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Table, HardeningRefuses,
    testing::Values(
        Bad{"AList", R"([])", "want a mapping for hardening"},
        Bad{"AnUnknownKey", R"({"seccomp":true})",
            ".seccomp: unknown key \"seccomp\" in hardening; known are seccompProfile, appArmorProfile, "
            "seLinuxOptions, allowPrivilegeEscalation, readOnlyRootFilesystem, writablePaths"},
        Bad{"Unconfined", R"({"seccompProfile":{"type":"Unconfined"}})",
            ".seccompProfile: seccompProfile: want {type: RuntimeDefault}"},
        Bad{"AWordAsProfile", R"({"seccompProfile":"RuntimeDefault"})",
            ".seccompProfile: seccompProfile: want {type: RuntimeDefault}"},
        Bad{"AProfileWithoutName", R"({"appArmorProfile":{"type":"Localhost"}})",
            ".appArmorProfile: appArmorProfile: want {type: RuntimeDefault}, or {type: Localhost, localhostProfile: "
            "NAME}"},
        Bad{"NoOptions", R"({"seLinuxOptions":{}})",
            ".seLinuxOptions: seLinuxOptions: want text for user, role, type or level"},
        Bad{"ANumberAsLevel", R"({"seLinuxOptions":{"level":7}})",
            ".seLinuxOptions.level: seLinuxOptions: want text for user, role, type or level"},
        Bad{"AnUnknownOption", R"({"seLinuxOptions":{"rank":"x"}})",
            ".seLinuxOptions.rank: unknown key \"rank\" in seLinuxOptions; known are user, role, type, level"},
        Bad{"AllowingEscalation", R"({"allowPrivilegeEscalation":true})",
            ".allowPrivilegeEscalation: allowPrivilegeEscalation: want false, or nothing"},
        Bad{"AWordForABoolean", R"({"readOnlyRootFilesystem":"true"})",
            ".readOnlyRootFilesystem: readOnlyRootFilesystem: want true or false, not the text \"true\""},
        Bad{"AWritableRoot", R"({"readOnlyRootFilesystem":false})",
            ".readOnlyRootFilesystem: readOnlyRootFilesystem: want true, or nothing"},
        Bad{"PathsOfNothing", R"({"writablePaths":["/tmp"]})",
            ".writablePaths: writablePaths without readOnlyRootFilesystem: true does nothing"},
        Bad{"ARelativePath", R"({"writablePaths":["tmp"]})",
            ".writablePaths[0]: writablePaths: want absolute paths without \".\", \"..\", \":\" or a slash at the end"},
        Bad{"TheRoot", R"({"writablePaths":["/"]})",
            ".writablePaths[0]: writablePaths: want absolute paths without \".\", \"..\", \":\" or a slash at the end"},
        Bad{"AWayUp", R"({"writablePaths":["/a/../b"]})",
            ".writablePaths[0]: writablePaths: want absolute paths without \".\", \"..\", \":\" or a slash at the end"},
        Bad{"ASlashAtTheEnd", R"({"writablePaths":["/tmp/"]})",
            ".writablePaths[0]: writablePaths: want absolute paths without \".\", \"..\", \":\" or a slash at the end"},
        Bad{"OneInTheOther", R"({"writablePaths":["/tmp","/tmp/a"]})",
            ".writablePaths[1]: writablePaths: /tmp and /tmp/a lie one inside the other"},
        Bad{"ANumber", R"({"writablePaths":[7]})",
            ".writablePaths[0]: writablePaths: want absolute paths without \".\", \"..\", \":\" or a slash at the "
            "end"}),
    [](const auto& test) { return test.param.name; });

TEST(HardeningRefuses, MorePathsThanItsLimit) {
  Json paths = Json::array();
  for (std::size_t i = 0; i <= kMaxWritablePaths; ++i) paths.push_back("/p" + std::to_string(i));
  EXPECT_EQ(read({{"writablePaths", paths}}).error().text, ".writablePaths: more than 20 entries in writablePaths");
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
