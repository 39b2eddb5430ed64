#include "initscan/advisory/identity.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

// "ID [alias alias]", one for each advisory.
std::string advisories(const std::vector<std::string>& names) {
  Identity identity;
  for (const std::string& name : names) identity.add(name);
  std::string text;
  for (const Advisory& advisory : *advisories_of(identity, Advisory{})) {
    text += (text.empty() ? "" : ", ") + advisory.id + " [";
    for (const std::string& alias : advisory.aliases) text += (text.ends_with('[') ? "" : " ") + alias;
    text += ']';
  }
  return text;
}

TEST(Identity, OneAdvisoryForEachCve) {
  EXPECT_EQ(advisories({"CVE-1"}), "CVE-1 []");
  EXPECT_EQ(advisories({"DSA-1", "CVE-2", "CVE-1", "CVE-2"}), "CVE-1 [DSA-1], CVE-2 [DSA-1]");
  EXPECT_EQ(advisories({"XSA-2", "GHSA-1", "XSA-1"}), "XSA-2 [GHSA-1 XSA-1]");
  EXPECT_EQ(advisories({}), "");
}

TEST(Identity, ARecordThatMultipliesMeetsALimit) {
  Identity identity;
  Advisory common;
  for (int i = 0; i < 1001; ++i) identity.add("CVE-" + std::to_string(i));
  common.affected.resize(1);
  common.affected[0].versions.resize(1000);
  const auto made = advisories_of(identity, common);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().text, "more than 1000000 statements");
  EXPECT_EQ(made.error().code, Errc::over_limit);
}

}  // namespace
}  // namespace initscan
