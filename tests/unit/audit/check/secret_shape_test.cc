#include "audit/check/secret_shape.h"

#include <chrono>

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
        Case{"NameOfOne", "FOO_SECRET_NAME", "my-secret", ""},
        Case{"ReferenceByName", "DB_PASSWORD_REF", "shop-db", ""},
        Case{"ConfigMap", "TOKEN_CONFIG_MAP", "shop-tokens", ""},
        Case{"ConfigMapInCamelCase", "tokenConfigMap", "shop-tokens", ""},
        Case{"ConfigMapRunTogether", "TOKEN_CONFIGMAP", "shop-tokens", ""},
        Case{"UserMap", "TOKEN_MAP", "shop:hunter2", "by its name"},
        Case{"ExistingSecret", "existingSecret", "shop-db", ""},
        Case{"ExistingSecretOfOneWord", "EXISTING_SECRET", "shop", ""},
        Case{"ExistingSecretThatIsNoName", "EXISTING_SECRET", "hunTer2", "by its name"},
        Case{"PullSecret", "IMAGE_PULL_SECRETS", "regcred", ""}, Case{"TlsSecret", "TLS_SECRET", "ingress/tls", ""},
        Case{"SecretOfAPassword", "DB_PASSWORD_SECRET", "shop-db", ""},
        Case{"SecretForPasswords", "PASSWORD_SECRET", "somepepper", "by its name"},
        Case{"KeyInASecret", "DB_PASSWORD_SECRET_KEY", "db-password", ""},
        Case{"KeyOfAPassword", "existingSecretPasswordKey", "redis-password", ""},
        Case{"SecretKey", "SECRET_KEY", "not-so-random", "by its name"},
        Case{"AwsSecretKey", "AWS_SECRET_KEY", "not-so-random", "by its name"},
        Case{"ClientSecret", "CLIENT_SECRET", "correct-horse", "by its name"},
        Case{"JwtSecret", "jwtSecret", "my-secret", "by its name"},
        Case{"SomeSecret", "SHOP_SECRET", "my-secret", "by its name"},
        Case{"AdminSecret", "ADMIN_SECRET", "my-secret", "by its name"},
        Case{"ValuesThatNameObjects", "VALUES", "auth:\n  existingSecret: shop-db\n  passwordKey: db-password\n", ""},
        Case{"OptionWithClientSecret", "CMD", "tool --client-secret=correct-horse", "an assignment to a secret's name"},
        Case{"SettingThatNamesAnObject", "CMD", "helm upgrade shop --set auth.existingSecret=shop-db", ""},
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
        Case{"ShortPrefix", "X", "ghp_1", ""}, Case{"RunTogether", "PGPASSWORD", "x", "by its name"},
        Case{"RunTogetherToken", "AUTHTOKEN", "x", "by its name"},
        Case{"RunTogetherPass", "DBPASS", "x", "by its name"}, Case{"Bypassed", "BYPASS", "x", ""},
        Case{"Pw", "ROOT_PW", "x", "by its name"}, Case{"RunTogetherPwd", "DBPWD", "x", "by its name"},
        Case{"OldWorkingDirectory", "OLDPWD", "x", ""}, Case{"AccountKey", "accountKey", "x", "by its name"},
        Case{"Tokens", "MAX_TOKENS", "4096", ""}, Case{"Header", "Authorization", "x", "by its name"},
        Case{"Selector", "SECRET_FIELD_SELECTOR", "x", ""}, Case{"Flags", "USE_TOKEN", "No", ""},
        Case{"Starred", "DB_PASSWORD", "****", ""}, Case{"Template", "DB_PASSWORD", "{{ .Values.password }}", ""},
        Case{"Angles", "DB_PASSWORD", "<password>", ""}, Case{"ShellReference", "DB_PASSWORD", "${OTHER}", ""},
        Case{"Dollar", "DB_PASSWORD", "$ecret", ""}, Case{"DollarInside", "DB_PASSWORD", "a$b", "by its name"},
        Case{"Store", "DB_PASSWORD", "vault:secret/data/db#password", ""},
        Case{"DefaultPasswordIsOne", "DB_PASSWORD", "changeme", "by its name"},
        Case{"Uuid", "REQUEST_ID", "e2c871d9-2956-4af6-af43-2ac6c3bdb2bb", ""},
        Case{"Digest", "IMAGE", "a/b@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""},
        Case{"ConnectionString", "CONN", "AccountName=x;AccountKey=c2VjcmV0c2VjcmV0;",
             "an assignment to a secret's name"},
        Case{"ConnectionStringWithSpaces", "DSN", "host=db user=shop password=hunter2 sslmode=require",
             "an assignment to a secret's name"},
        Case{"ConnectionStringWithReference", "DSN", "host=db password=$(PASSWORD)", ""},
        Case{"ConnectionStringToFile", "DSN", "host=db sslkey=/run/key passfile=/run/p", ""},
        Case{"Query", "URL", "https://a/b?x=1&token=abc", "an assignment to a secret's name"},
        Case{"JavaOption", "JAVA_OPTS", "-Xmx1g -Ddb.password=hunter2", "an assignment to a secret's name"},
        Case{"Json", "CONFIG", R"({"a": {"dbPassword" : "hunter2"}})", "an assignment to a secret's name"},
        Case{"EscapedJson", "CONFIG", R"(sh -c "echo {\"token\":\"abc\"}")", "an assignment to a secret's name"},
        Case{"JsonReference", "CONFIG", R"x({"dbPassword": "$(PW)"})x", ""},
        Case{"Yaml", "CONFIG", "db:\n  - user: shop\n    password: hunter2\n", "an assignment to a secret's name"},
        Case{"YamlOfNothing", "CONFIG", "password:\nuser: shop\n", ""},
        Case{"Prompt", "TEXT", "Enter your password: then press return", ""},
        Case{"RegistryAuth", "DOCKER_AUTH_CONFIG", R"({"auths":{"r":{"auth":"dTpodW50ZXIy"}}})",
             "credentials of a registry"},
        Case{"RegistryWithoutAuth", "DOCKER_CONFIG_JSON", R"({"auths":{"r":{}}})", ""},
        Case{"SecondUrl", "DB", "http://a/ postgres://u:p@db", "a password in a URL"},
        Case{"UrlWithStars", "DB", "postgres://u:***@db", ""},
        Case{"TokenInText", "CMD", "git clone https://ghp_0123456789012345678901234567890123456789@a/b",
             "a GitHub token"},
        Case{"BearerInText", "CMD", "curl -H 'Authorization: Bearer abc123' https://a", "a bearer token"},
        Case{"BearerInProse", "TEXT", "every bearer is welcome", ""},
        Case{"Basic", "HEADER", "Basic dTpodW50ZXIy", "a password in a header"},
        Case{"BasicInProse", "TEXT", "uses Basic authentication", ""},
        Case{"OptionInText", "CMD", "tool --password hunter2", "by the option before it"},
        Case{"OptionWithFile", "CMD", "tool --password-file hunter2 --token /run/t", ""},
        Case{"OptionWithReference", "CMD", "tool --password \"$PASSWORD\" --token=$(cat /run/t)", ""},
        Case{"OptionNamesAnObject", "CMD", "tool --tls-secret=shop-tls --secret ingress/tls", ""},
        Case{"OptionNamesAnObjectOfANamespace", "CMD", "--tls-secret=$(POD_NAMESPACE)/shop-tls", ""},
        Case{"OptionReadsStandardInput", "CMD", "login --password-stdin registry.example.com", ""},
        Case{"PassThrough", "PASS_THROUGH", "headers", ""},
        Case{"CookieSecret", "CMD", "--cookie-secret=k3yk3yk3yk3yk3yk3y", "an assignment to a secret's name"},
        Case{"Prose", "X", "AKIA is the first part of a key that AWS issues", ""}),
    [](const auto& test) { return test.param.name; });

struct Words {
  const char* name;
  std::vector<std::string> words;
  std::vector<std::size_t> want;  // their places
};

class SecretWords : public testing::TestWithParam<Words> {};

TEST_P(SecretWords, AreFoundWhereTheyStand) {
  std::vector<std::size_t> places;
  for (const SecretWord& found : secret_words(GetParam().words)) places.push_back(found.place);
  EXPECT_EQ(places, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Table, SecretWords,
                         testing::Values(Words{"None", {}, {}}, Words{"Assigned", {"a", "--db-password=x"}, {1}},
                                         Words{"Following", {"--db-password", "x", "y"}, {1}},
                                         Words{"FollowingOption", {"--use-password", "--port"}, {}},
                                         Words{"FollowingPath", {"--token", "/run/t"}, {}},
                                         Words{"FollowingReference", {"--token", "$(TOKEN)"}, {}},
                                         Words{"Shell", {"sh", "-c", "TOKEN=x exec tool"}, {2}},
                                         Words{"ShellWithReference", {"sh", "-c", "TOKEN=$T exec tool"}, {}},
                                         Words{"Object", {"--secret-name=tls", "--tls-secret", "tls"}, {}}),
                         [](const auto& test) { return test.param.name; });

TEST(SecretShapeOfAnything, TakesTimeThatGrowsWithTheText) {
  std::string text;
  while (text.size() < (1U << 20)) text += "a=a=://:@\"x\":bearer - basic a --a ";
  const auto start = std::chrono::steady_clock::now();
  secret_shape("X", text);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace initscan::audit
