#include "injector/cluster/settings_from_folder.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

const std::string kExemption =
    "apiVersion: initscan.io/v1alpha1\nkind: ScanExemption\nmetadata: {name: e, namespace: shop}\nspec:\n"
    "  id: CVE-1\n  reason: r\n";

class PolicyFolder : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "policy_folder_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // What is wrong with a folder of this one file; "" of nothing.
  std::string error_of(const std::string& text) {
    const std::string path = folder_ + "/a.yaml";
    std::ofstream(path) << text;
    const auto read = read_policy_folder(folder_, settings_);
    if (read) return {};
    EXPECT_TRUE(read.error().text.starts_with(path + ": ")) << read.error().text;
    return read.error().text.substr(path.size() + 2);
  }

  std::string folder_;
  ClusterSettings settings_{InjectorConfig{}, Policy{}, ModeWish::automatic, Mode::copy};
};

TEST_F(PolicyFolder, TakesEachDocument) {
  EXPECT_EQ(error_of("kind: ClusterScanPolicy\nmetadata: {name: default}\nspec: {onlyFixed: true}\n---\n---\n"
                     "kind: ScanPolicy\nmetadata: {name: p, namespace: shop}\nspec: {onNoData: deny}\n"),
            "");
  EXPECT_NE(settings_.for_namespace("shop")->policy_json, "");
  EXPECT_NE(settings_.for_namespace("web")->policy_json.find("\"onlyFixed\":true"), std::string::npos);
}

TEST_F(PolicyFolder, RefusesAKeyThatIsGivenTwice) {
  EXPECT_EQ(error_of(kExemption + "  expiresAt: 2026-12-31T00:00:00Z\n  reason: again\n"),
            "ScanExemption shop/e: 8:3: key \"reason\" is given twice in an exemption");
}

TEST_F(PolicyFolder, NamesTheLineAndColumnOfWhatIsWrong) {
  EXPECT_EQ(error_of(kExemption + "  expiresAt: tomorrow\n"),
            "ScanExemption shop/e: 7:14: expiresAt: not a time: \"tomorrow\"; want one such as 2026-12-31T00:00:00Z");
  EXPECT_EQ(error_of("kind: ClusterScanPolicy\nmetadata: {name: c}\nspec:\n  allowPodOptOut: \"true\"\n"),
            "ClusterScanPolicy c: 4:19: allowPodOptOut: want true or false");
  EXPECT_EQ(error_of("---\nkind: Pod\n"), "2:1: kind is \"Pod\"; want ClusterScanPolicy, ScanPolicy or ScanExemption");
  EXPECT_EQ(error_of("kind: ScanPolicy\nmetadata: {name: p}\n"),
            "1:1: ScanPolicy: want metadata.name and metadata.namespace");
}

}  // namespace
}  // namespace initscan::injector
