#include "initscan/report/full_report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

Verdict of_two_images() {
  Verdict verdict;
  verdict.outcome = Outcome::fail;
  verdict.policy_sha256 = std::string(64, 'c');
  ImageVerdict good;
  good.image = "example/good@" + kDigest;
  good.outcome = Outcome::pass;
  ImageVerdict bad;
  bad.image = "example/bad:1";
  bad.outcome = Outcome::fail;
  bad.findings.push_back({});
  verdict.images = {good, bad};
  return verdict;
}

TEST(FullReport, IsOfOneImage) {
  const auto report = nlohmann::json::parse(full_report(of_two_images(), 0, kDigest, "{\"a\": 1}", {}));
  EXPECT_EQ(report["schema"], "initscan.io/report/v1");
  EXPECT_EQ(report["image"], (nlohmann::json{{"digest", kDigest}, {"reference", "example/good@" + kDigest}}));
  EXPECT_EQ(report["verdict"]["verdict"], "pass") << "and not the other's";
  ASSERT_EQ(report["verdict"]["images"].size(), 1u);
  EXPECT_EQ(report["verdict"]["images"][0]["image"], "example/good@" + kDigest);
  EXPECT_EQ(report["verdict"]["policy"]["sha256"], std::string(64, 'c'));
  EXPECT_EQ(report["sbom"], "{\"a\": 1}") << "as its collector wrote it";
}

TEST(FullReport, MayLackTheDigest) {
  const auto report = nlohmann::json::parse(full_report(of_two_images(), 0, "", "", {}));
  EXPECT_EQ(report["image"], (nlohmann::json{{"reference", "example/good@" + kDigest}}));
}

TEST(FullReport, MayLackTheSbom) {
  const auto report = nlohmann::json::parse(full_report(of_two_images(), 1, kDigest, "", {}));
  EXPECT_FALSE(report.contains("sbom"));
  EXPECT_EQ(report["verdict"]["verdict"], "fail");
}

TEST(FullReport, KnowsADigestInAReference) {
  EXPECT_EQ(digest_in("example/shop@" + kDigest), kDigest);
  EXPECT_EQ(digest_in("example:5000/shop:1.4@" + kDigest), kDigest);
  const std::string long_one = "sha512:" + std::string(128, '0');
  EXPECT_EQ(digest_in("shop@" + long_one), long_one);
  for (const std::string& reference :
       {std::string(), std::string("shop"), std::string("shop:1.4"), "shop@" + kDigest.substr(0, 70), kDigest,
        "shop@" + kDigest + "a", std::string("shop@sha256:") + std::string(64, 'A'), std::string("shop@"),
        "shop@md5:" + std::string(64, 'a'), "shop@" + kDigest + ":1"}) {
    EXPECT_EQ(digest_in(reference), "") << reference;
  }
}

}  // namespace
}  // namespace initscan
