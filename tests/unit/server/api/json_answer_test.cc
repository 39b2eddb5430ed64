#include "server/api/json_answer.h"

#include "server/api/problem.h"

namespace initscan::server {
namespace {

TEST(EntityTags, AreComparedWeaklyOneByOne) {
  EXPECT_TRUE(has_tag("\"a\"", "\"a\""));
  EXPECT_TRUE(has_tag("W/\"a\"", "\"a\""));
  EXPECT_TRUE(has_tag("\"b\" ,\t\"a\"", "\"a\""));
  EXPECT_TRUE(has_tag("*", "\"a\""));
  for (const char* other : {"", ",", "a", "\"ab\"", "\"b\", \"c\"", "W/", " "}) {
    EXPECT_FALSE(has_tag(other, "\"a\"")) << other;
  }
}

TEST(Problem, SaysStatusTitleAndDetail) {
  const HttpResponse response = problem(404, "nothing\n\"here\"");
  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
            "\"detail\":\"nothing\\\\u{a}\\\"here\\\"\"}\n");
}

TEST(Problem, OfAnErrorHasTheStatusOfItsCode) {
  const auto status = [](Errc code) { return problem(Error{code, "words"}).status; };
  EXPECT_EQ(status(Errc::malformed), 400U);
  EXPECT_EQ(status(Errc::truncated), 400U);
  EXPECT_EQ(status(Errc::over_limit), 413U);
  EXPECT_EQ(status(Errc::unsupported), 422U);
  EXPECT_EQ(status(Errc::unavailable), 503U);
  EXPECT_EQ(status(Errc::io), 500U);
  EXPECT_EQ(status(Errc::not_found), 404U);
  EXPECT_EQ(status(Errc::refused), 403U);
}

}  // namespace
}  // namespace initscan::server
