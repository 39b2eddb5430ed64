#include "audit/check/secret_shape.h"

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

struct Case {
  const char* name;
  std::string_view variable;
  std::string_view value;
  std::string_view want;
};

class SecretShape : public testing::TestWithParam<Case> {};

TEST_P(SecretShape, IsSeenByNameOrForm) {
  EXPECT_EQ(secret_shape(GetParam().variable, GetParam().value), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SecretShape,
    testing::Values(
        Case{"Password", "DB_PASSWORD", "x", "by its name"}, Case{"CamelCase", "dbPassword", "x", "by its name"},
        Case{"Dotted", "spring.datasource.password", "x", "by its name"}, Case{"Pwd", "DB_PWD", "x", "by its name"},
        Case{"WorkingDirectory", "PWD", "x", ""}, Case{"ApiKey", "API_KEY", "x", "by its name"},
        Case{"AccessKey", "AWS_SECRET_ACCESS_KEY", "x", "by its name"}, Case{"PublicKey", "PUBLIC_KEY", "x", ""},
        Case{"Keyboard", "KEYBOARD", "x", ""}, Case{"Bypass", "BYPASS_CACHE", "x", ""},
        Case{"Tokenizer", "TOKENIZERS_PARALLELISM", "x", ""}, Case{"Empty", "DB_PASSWORD", "", ""},
        Case{"File", "DB_PASSWORD_FILE", "secret", ""}, Case{"Path", "DB_PASSWORD", "/run/secrets/db", ""},
        Case{"Lifetime", "TOKEN_TTL", "3600", ""}, Case{"Name", "SECRET_NAME", "shop", ""},
        Case{"Flag", "USE_TOKEN", "true", ""}, Case{"Reference", "DB_PASSWORD", "$(OTHER)", ""},
        Case{"PartlyReference", "DB_PASSWORD", "$(OTHER)x", "by its name"},
        Case{"PrivateKey", "CERT", "-----BEGIN RSA PRIVATE KEY-----\nx", "a private key"},
        Case{"ShortDashes", "X", "---BEGIN OPENSSH PRIVATE KEY---", "a private key"},
        Case{"Bearer", "HEADER", "bEARER abc", "a bearer token"}, Case{"BearerReference", "HEADER", "Bearer $(T)", ""},
        Case{"BearerAlone", "HEADER", "bearer ", ""}, Case{"Certificate", "CERT", "-----BEGIN CERTIFICATE-----\nx", ""},
        Case{"Url", "DB", "postgres://u:p@db:5432/shop", "a password in a URL"},
        Case{"UrlWithReference", "DB", "postgres://u:$(PASSWORD)@db/shop", ""},
        Case{"UrlWithUser", "DB", "postgres://u@db:5432/shop", ""},
        Case{"UrlWithAtInPath", "DB", "https://db/a:b@c", ""},
        Case{"Jwt", "X", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijkl", "a JSON Web Token"},
        Case{"GitHub", "X", "ghp_0123456789012345678901234567890123456789", "a GitHub token"},
        Case{"ShortPrefix", "X", "ghp_1", ""},
        Case{"Prose", "X", "AKIA is the first part of a key that AWS issues", ""}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan::audit
