#include "initscan/registry/reference.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

TEST(RegistryReference, IsTakenApartAndPutTogether) {
  const RegistryReference rows[] = {
      {"registry.example.com", "advisories", "latest", ""},
      {"registry.example.com:5000", "security/advisories", "2026-11-28", ""},
      {"localhost", "a", "", kDigest},
      {"registry:5000", "a/b__c/d-e.f", "v1", kDigest},
      {"[::1]:5000", "a", "x", ""},
  };
  for (const RegistryReference& reference : rows) {
    const auto parsed = parse_reference(reference.text());
    ASSERT_TRUE(parsed) << parsed.error().text;
    EXPECT_EQ(*parsed, reference);
    EXPECT_EQ(parsed->name(), reference.digest.empty() ? reference.tag : reference.digest);
  }
}

TEST(RegistryReference, IsTheLatestWhereNothingElseIsSaid) {
  EXPECT_EQ(parse_reference("registry.example.com/a")->tag, "latest");
  EXPECT_EQ(parse_reference("registry.example.com/a@" + kDigest)->tag, "");
}

TEST(RegistryReference, IsNoneOfAnythingElse) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "it names no registry"},
      {"advisories", "it names no registry"},
      {"security/advisories", "it names no registry"},
      {"user@registry.example.com/a", "no sha256 digest"},
      {"https://registry.example.com/a", "it names no registry"},
      {"registry.example.com:port/a", "it names no registry"},
      {"registry.example.com:123456/a", "it names no registry"},
      {"-registry.example.com/a", "it names no registry"},
      {"registry..example.com/a", "it names no registry"},
      {"registry.example.com", "it names no registry"},
      {"[::1/a", "it names no registry"},
      {"registry.example.com/", "its name is not"},
      {"registry.example.com/A", "its name is not"},
      {"registry.example.com/a/../b", "its name is not"},
      {"registry.example.com/a//b", "its name is not"},
      {"registry.example.com/a?x", "its name is not"},
      {"registry.example.com/a b", "its name is not"},
      {"registry.example.com/" + std::string(300, 'a'), "its name is not"},
      {"registry.example.com/a:", "no tag"},
      {"registry.example.com/a:.b", "no tag"},
      {"registry.example.com/a:b/c", "no tag"},
      {"registry.example.com/a:" + std::string(200, 'a'), "no tag"},
      {"registry.example.com/a@", "no sha256 digest"},
      {"registry.example.com/a@sha256:abc", "no sha256 digest"},
      {"registry.example.com/a@sha512:" + std::string(128, 'a'), "no sha256 digest"},
  };
  for (const auto& [text, why] : rows) {
    const auto parsed = parse_reference(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Errc::usage);
    EXPECT_NE(parsed.error().text.find(why), std::string::npos) << parsed.error().text;
  }
}

TEST(RegistryReference, KnowsThisMachine) {
  for (const char* host : {"localhost", "localhost:5000", "127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:80"}) {
    EXPECT_TRUE(is_loopback(host)) << host;
  }
  for (const char* host : {"", "localhost.example.com", "127.0.0.1.example.com", "1127.0.0.1", "128.0.0.1", "[::2]",
                           "local", "[::1].example.com"}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

}  // namespace
}  // namespace initscan
