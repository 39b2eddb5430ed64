#include "initscan/registry/credentials.h"

#include "common/crypto/base64.h"
#include "common/json/writer.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

using Found = std::optional<RegistryCredentials>;

// {"auths": {key: {"auth": base64 of the words}}}
std::string file_of(const std::vector<std::pair<std::string, std::string>>& auths) {
  JsonWriter json;
  json.begin_object().key("auths").begin_object();
  for (const auto& [key, words] : auths) {
    json.key(key).begin_object().field("auth", base64_encode(words)).end_object();
  }
  return json.end_object().end_object().take();
}

Found found(const std::string& file, const std::string& host = "registry.example.com",
            const std::string& repository = "security/advisories") {
  const auto read = credentials_in(file, host, repository);
  EXPECT_TRUE(read) << read.error().text;
  return read ? *read : Found();
}

TEST(RegistryCredentials, AreThoseOfTheRegistry) {
  const std::string file = file_of(
      {{"other.example.com", "x:y"}, {"registry.example.com", "user:pass:word"}, {"registry.example.com:5000", "a:b"}});
  EXPECT_EQ(found(file), (RegistryCredentials{"user", "pass:word"}));
  EXPECT_EQ(found(file, "registry.example.com:5000"), (RegistryCredentials{"a", "b"}));
  EXPECT_EQ(found(file, "example.com"), Found());
  EXPECT_EQ(found(file, "registry.example.com.evil.example"), Found());
  EXPECT_EQ(found("{}"), Found());
  EXPECT_EQ(found(file_of({{"registry.example.com", "user:"}})), (RegistryCredentials{"user", ""}));
}

TEST(RegistryCredentials, OfTheLongestBeginningCount) {
  const std::string file = file_of({{"registry.example.com/security", "team:1"},
                                    {"registry.example.com", "all:2"},
                                    {"registry.example.com/sec", "no:3"}});
  EXPECT_EQ(found(file)->user, "team");
  EXPECT_EQ(found(file, "registry.example.com", "shop")->user, "all");
}

TEST(RegistryCredentials, AreFoundByTheUrlsThatDockerWrites) {
  for (const char* key : {"https://registry.example.com", "https://registry.example.com/",
                          "https://registry.example.com/v1/", "https://registry.example.com/v2"}) {
    EXPECT_EQ(found(file_of({{key, "user:1"}})), (RegistryCredentials{"user", "1"})) << key;
  }
  EXPECT_EQ(found(file_of({{"http://registry.example.com", "user:1"}})), Found()) << "they were for plain http";
}

TEST(RegistryCredentials, ThatAreNoneOrElsewhereAreTold) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "not JSON"},
      {"[]", "want an object"},
      {R"({"auths":[]})", "auths: want an object"},
      {R"({"auths":{"registry.example.com":{"auth":"%"}}})", "want USER:PASSWORD in base64"},
      {file_of({{"registry.example.com", "nocolon"}}), "want USER:PASSWORD in base64"},
      {file_of({{"registry.example.com", ":p"}}), "want USER:PASSWORD in base64"},
      {file_of({{"registry.example.com", "u:p\n"}}), "want USER:PASSWORD in base64"},
      {R"({"auths":{"registry.example.com":{"identitytoken":"x"}}})", "an identity token"},
      {R"({"auths":{"registry.example.com":{}},"credsStore":"desktop"})", "a program keeps the credentials"},
      {R"({"credHelpers":{"registry.example.com":"cloud"}})", "a program keeps the credentials"},
  };
  for (const auto& [file, why] : rows) {
    const auto read = credentials_in(file, "registry.example.com", "a");
    ASSERT_FALSE(read) << file;
    EXPECT_NE(read.error().text.find(why), std::string::npos) << read.error().text;
  }
  EXPECT_EQ(found(R"({"credHelpers":{"other.example.com":"cloud"}})"), Found());
  EXPECT_EQ(credentials_in(file_of({{"registry.example.com", "secret"}}), "registry.example.com", "a")
                .error()
                .text.find("secret"),
            std::string::npos);
}

TEST(RegistryCredentials, ATokenIsUnderEitherName) {
  EXPECT_EQ(*token_in(R"({"token":"abc","expires_in":60})"), "abc");
  EXPECT_EQ(*token_in(R"({"access_token":"abc.d-e_f=="})"), "abc.d-e_f==");
  for (const char* text : {"", "[]", "{}", R"({"token":""})", R"({"token":5})", R"({"token":"a b"})",
                           R"({"token":"a\r\nHost: x"})", R"({"token":"ä"})"}) {
    EXPECT_FALSE(token_in(text)) << text;
  }
}

}  // namespace
}  // namespace initscan
