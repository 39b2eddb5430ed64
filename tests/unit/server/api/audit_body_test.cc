#include "server/api/audit_body.h"

namespace initscan::server {
namespace {

constexpr const char* kMade = R"("schema":"initscan.io/audit/v1","made":"2026-11-27T03:17:00Z",)";
constexpr const char* kSums = R"("summary":{"pods":12,"containers":20,"gaps":1,"unknown":2,"accepted":3,"other":"x",)"
                              R"("workloads":{"rotate-now":1,"make-immutable":2,"not-started":0,"unknown":0,"fine":3},)"
                              R"("failures":{"critical":0,"high":2,"medium":1,"low":4,"negligible":9}})";
constexpr const char* kRest = R"(,"policy":"nightly","complete":false,"clusters":[{"name":"one"}],"workloads":[{}])";

std::string whole() {
  return std::string("{") + kMade + kSums + kRest + "}";
}

std::string with(const std::string& old, const std::string& other) {
  std::string text = whole();
  const std::size_t place = text.find(old);
  EXPECT_NE(place, text.npos) << old;
  return text.replace(place, old.size(), other);
}

TEST(AuditBody, IsSummedUpInWordsOfOurOwn) {
  const auto body = parse_audit(whole());
  ASSERT_TRUE(body) << body.error().text;
  EXPECT_EQ(body->made, std::chrono::sys_seconds(std::chrono::seconds(1'795'749'420)));
  EXPECT_EQ(body->summary, R"({"policy":"nightly","complete":false,"clusters":[{"name":"one"}],)"
                           R"("pods":12,"containers":20,"gaps":1,"unknown":2,"accepted":3,)"
                           R"("workloads":{"rotate-now":1,"make-immutable":2,"not-started":0,"unknown":0,"fine":3},)"
                           R"("failures":{"critical":0,"high":2,"medium":1,"low":4}})");
}

struct Case {
  const char* name;
  std::string json;
  Errc code;
  std::string error;
};

class AuditBodies : public testing::TestWithParam<Case> {};

TEST_P(AuditBodies, ThatAreNoneAreErrors) {
  const Case& c = GetParam();
  const auto body = parse_audit(c.json);
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, c.code);
  EXPECT_EQ(body.error().text.substr(0, c.error.size()), c.error);
}

INSTANTIATE_TEST_SUITE_P(
    Table, AuditBodies,
    testing::Values(
        Case{"Nothing", "", Errc::malformed, "not JSON: there is nothing"},
        Case{"CutOff", whole().substr(0, 200), Errc::malformed, "not JSON: "},
        Case{"NoObject", "[]", Errc::malformed, "want an object"},
        Case{"AnotherSchema", with("audit/v1", "audit/v2"), Errc::unsupported, "schema: want \"initscan.io/audit/v1\""},
        Case{"AKeyTwice", with("\"complete\"", "\"made\":\"2026-11-28T00:00:00Z\",\"complete\""), Errc::malformed,
             "the key \"made\" twice"},
        Case{"NoTime", with("2026-11-27T03:17:00Z", "yesterday"), Errc::malformed, "made: want a time"},
        Case{"NoWorkloads", with("\"workloads\":[{}]", "\"workloads\":{}"), Errc::malformed,
             "want a list \"workloads\""},
        Case{"NeitherCompleteNorNot", with("\"complete\":false", "\"complete\":\"no\""), Errc::malformed,
             "complete: want true or false"},
        Case{"NoCount", with("\"high\":2", "\"high\":-2"), Errc::malformed, "summary.high: want a count"},
        Case{"ACountMissing", with("\"gaps\":1,", ""), Errc::malformed, "summary.gaps: want a count"},
        Case{"NoName", with("\"name\":\"one\"", "\"name\":1"), Errc::malformed, "clusters: name: want a text"},
        Case{"ALongName", with("nightly", std::string(254, 'x')), Errc::over_limit, "policy: more than 253 bytes"},
        Case{"ManyClusters",
             with("{\"name\":\"one\"}",
                  [] {
                    std::string many = "{\"name\":\"c\"}";
                    for (int i = 0; i < 100; ++i) many += ",{\"name\":\"c\"}";
                    return many;
                  }()),
             Errc::over_limit, "clusters: more than 100"},
        Case{"TooDeep", with("[{}]", std::string(40, '[') + std::string(40, ']')), Errc::malformed, "not JSON: "}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan::server
