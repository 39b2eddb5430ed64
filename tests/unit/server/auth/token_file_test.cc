#include "server/auth/token_file.h"

#include "common/crypto/sha256.h"

namespace initscan::server {
namespace {

std::string line(const std::string& name, const std::string& scopes, const std::string& token) {
  return name + ' ' + scopes + ' ' + sha256_hex(token) + '\n';
}

TEST(TokenFile, SaysWhoMayDoWhat) {
  const auto table =
      parse_token_file("# who may ask\n\n" + line("ci", "scan,index", "one") + "  \t\r\n" + line("all", "read", "two"));
  ASSERT_TRUE(table) << table.error().text;
  EXPECT_EQ(table->size(), 2U);
  const auto ci = table->find("one");
  ASSERT_TRUE(ci);
  EXPECT_EQ(ci->name, "ci");
  EXPECT_TRUE(ci->scopes.have(Scope::scan));
  EXPECT_TRUE(ci->scopes.have(Scope::index));
  EXPECT_FALSE(ci->scopes.have(Scope::report));
  EXPECT_FALSE(ci->scopes.have(Scope::read));
  EXPECT_EQ(ci->namespace_, "");
  EXPECT_EQ(table->find("two")->name, "all");
  for (const char* other : {"", "on", "one ", "One"}) EXPECT_FALSE(table->find(other)) << other;
  EXPECT_FALSE(table->find(sha256_hex("one"))) << "who has read the file has no token";
}

struct Case {
  const char* name;
  std::string text;
  std::string_view error;
};

class TokenFileThatIsNone : public testing::TestWithParam<Case> {};

TEST_P(TokenFileThatIsNone, IsRefusedWithItsLine) {
  const auto got = parse_token_file(GetParam().text);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().text, GetParam().error);
}

const std::string kHash(64, 'a');
constexpr std::string_view kWantProof =
    "1: want the token's SHA-256, 64 hexadecimal digits in lower case, or a certificate's CN:, DNS: or URI:";

INSTANTIATE_TEST_SUITE_P(
    Table, TokenFileThatIsNone,
    testing::Values(
        Case{"TwoWords", "\nci " + kHash, "2: want NAME SCOPES SHA256"},
        Case{"FourWords", "ci scan " + kHash + " x", "1: want NAME SCOPES SHA256"},
        Case{"ATokenInThePlaceOfItsHash", "ci scan secret", kWantProof},
        Case{"UpperCase", "ci scan " + std::string(64, 'A'), kWantProof},
        Case{"NoScope", "ci all " + kHash,
             "1: no scope \"all\"; there are scan, report, index, read, metrics and audit"},
        Case{"NoName", "c/i scan " + kHash, "1: want a name of at most 63 letters, digits, '-', '_' and '.'"},
        Case{"ANameTwice", line("ci", "scan", "1") + line("ci", "scan", "2"), "2: a name that was there before"},
        Case{"ATokenTwice", line("a", "scan", "1") + line("b", "scan", "1"),
             "2: a token or a certificate that was there before"},
        Case{"ACertificateTwice", "a scan CN:x\nb scan CN:x", "2: a token or a certificate that was there before"},
        Case{"NoKindOfName", "a scan email:x", kWantProof}, Case{"NoCertificateName", "a scan DNS:", kWantProof},
        Case{"ANameThatIsTooLong", "a scan URI:" + std::string(kMaxPeerNameBytes, 'x'), kWantProof}),
    [](const auto& test) { return test.param.name; });

TEST(TokenFile, SaysWhoseACertificateIs) {
  const auto table = parse_token_file(line("token", "scan", "DNS:a") +
                                      "gate report DNS:gate.example.com\nnode read URI:spiffe://x/y\nci scan CN:ci\n");
  ASSERT_TRUE(table) << table.error().text;
  EXPECT_EQ(table->find_certificate({"CN:any", "URI:spiffe://x/y"})->name, "node");
  EXPECT_EQ(table->find_certificate({"CN:ci", "DNS:gate.example.com"})->name, "gate") << "the first in the file";
  EXPECT_TRUE(table->find_certificate({"CN:ci"})->scopes.have(Scope::scan));
  for (const char* const other : {"CN:gate.example.com", "DNS:gate.example.co", "ci", "", "DNS:a"}) {
    EXPECT_FALSE(table->find_certificate({other})) << other;
  }
  EXPECT_FALSE(table->find_certificate({sha256_hex("DNS:a")})) << "a hash is of a token";
  EXPECT_FALSE(table->find("CN:ci")) << "a name is no token";
}

TEST(TokenFile, HasALimit) {
  std::string text;
  for (std::size_t i = 0; i <= kMaxTokens; ++i) text += line("n" + std::to_string(i), "scan", std::to_string(i));
  EXPECT_EQ(parse_token_file(text).error().text, "1001: more than 1000 tokens");
}

}  // namespace
}  // namespace initscan::server
