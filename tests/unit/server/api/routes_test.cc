#include "server/api/routes.h"

#include "server/api/target.h"

namespace initscan::server {
namespace {

std::variant<FoundRoute, NoRoute> find(std::string_view method, std::string_view path) {
  return find_route(method, *parse_path(path));
}

TEST(Routes, AreFoundByMethodAndPath) {
  for (const Route& route : routes()) {
    std::string path(route.pattern);
    if (const std::size_t place = path.find("{digest}"); place != path.npos) path.replace(place, 8, "sha256%3Aab");
    if (const std::size_t place = path.find("{id}"); place != path.npos) path.replace(place, 4, "17");
    const auto found = find(route.method, path);
    ASSERT_TRUE(std::holds_alternative<FoundRoute>(found)) << path;
    EXPECT_EQ(std::get<FoundRoute>(found).route, &route);
    EXPECT_EQ(std::get<FoundRoute>(found).digest, path.find("sha256") == path.npos ? "" : "sha256:ab");
    EXPECT_EQ(std::get<FoundRoute>(found).id, path.ends_with("17") ? "17" : "");
  }
}

TEST(Routes, HeadIsAsGetAndNothingElseIs) {
  EXPECT_TRUE(std::holds_alternative<FoundRoute>(find("HEAD", "/v1/index")));
  EXPECT_EQ(std::get<NoRoute>(find("POST", "/v1/index")).wanted, "GET, HEAD");
  EXPECT_EQ(std::get<NoRoute>(find("HEAD", "/v1/scan")).wanted, "POST");
  EXPECT_EQ(std::get<NoRoute>(find("get", "/v1/index")).wanted, "GET, HEAD");
}

TEST(Routes, APathTellsOfAllItsMethods) {
  EXPECT_EQ(std::get<NoRoute>(find("PUT", "/v1/audits")).wanted, "POST, GET, HEAD");
  EXPECT_EQ(std::get<NoRoute>(find("PUT", "/v1/audits/latest")).wanted, "GET, HEAD");
}

TEST(Routes, OfOtherPathsThereAreNone) {
  for (const char* path : {"/v1", "/v1/images/d", "/v1/images/d/other", "/v1/scan/d", "/v1/verdicts", "/metrics/x"}) {
    EXPECT_EQ(std::get<NoRoute>(find("GET", path)).wanted, "") << path;
  }
}

}  // namespace
}  // namespace initscan::server
