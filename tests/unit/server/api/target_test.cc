#include "server/api/target.h"

#include "initscan/model/image_digest.h"

namespace initscan::server {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Path, IsTakenApartAndDecoded) {
  EXPECT_THAT(*parse_path("/v1/images/sha256%3Aab"), ElementsAre("v1", "images", "sha256:ab"));
  EXPECT_THAT(*parse_path("/a+b"), ElementsAre("a+b"));
  EXPECT_THAT(*parse_path("/%c3%a9"), ElementsAre("\u00e9"));
  EXPECT_THAT(*parse_path("/a%2Fb"), ElementsAre("a/b")) << "a part stays one part";
}

struct PathCase {
  const char* name;
  std::string_view path;
  std::string_view error;
};

class PathThatIsNone : public testing::TestWithParam<PathCase> {};

TEST_P(PathThatIsNone, IsRefused) {
  const auto got = parse_path(GetParam().path);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().text, GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(
    Table, PathThatIsNone,
    testing::Values(PathCase{"Nothing", "", "the path: want one that begins with '/'"},
                    PathCase{"Relative", "v1", "the path: want one that begins with '/'"},
                    PathCase{"Root", "/", "the path: a part of it is empty, or leads elsewhere"},
                    PathCase{"EmptyPart", "/v1//scan", "the path: a part of it is empty, or leads elsewhere"},
                    PathCase{"Up", "/v1/..", "the path: a part of it is empty, or leads elsewhere"},
                    PathCase{"UpInDisguise", "/%2e%2e/x", "the path: a part of it is empty, or leads elsewhere"},
                    PathCase{"HalfAnEscape", "/a%2", "the path: a '%' without two hexadecimal digits"},
                    PathCase{"NoEscape", "/a%zz", "the path: a '%' without two hexadecimal digits"},
                    PathCase{"Zero", "/a%00", "the path: a control character"},
                    PathCase{"LineEnd", "/a%0Ab", "the path: a control character"},
                    PathCase{"NoUtf8", "/a%ff", "the path: it is not UTF-8"},
                    PathCase{"TooManyParts", "/1/2/3/4/5/6/7/8/9", "the path: too many parts"}),
    [](const auto& test) { return test.param.name; });

TEST(Query, IsTakenApartAndDecoded) {
  EXPECT_THAT(*parse_query("limit=10&after=sha256%3Aab&words=a+b%2B&flag&empty="),
              ElementsAre(Pair("after", "sha256:ab"), Pair("empty", ""), Pair("flag", ""), Pair("limit", "10"),
                          Pair("words", "a b+")));
  EXPECT_TRUE(parse_query("")->empty());
}

TEST(Query, ThatIsNoneIsRefused) {
  EXPECT_EQ(parse_query("a=1&a=2").error().text, "the query: a twice");
  EXPECT_EQ(parse_query("=1").error().text, "the query: a value without a name");
  EXPECT_EQ(parse_query("a=1&&b=2").error().text, "the query: a value without a name");
  EXPECT_EQ(parse_query("a=%g0").error().text, "the query's a: a '%' without two hexadecimal digits");
  EXPECT_EQ(parse_query("a=%80").error().text, "the query's a: it is not UTF-8");
  EXPECT_EQ(parse_query("a=" + std::string(kMaxValueOfQuery + 1, 'x')).error().code, Errc::over_limit);
  std::string many;
  for (std::size_t i = 0; i <= kMaxParameters; ++i) many += "p" + std::to_string(i) + "=&";
  EXPECT_EQ(parse_query(many).error().text, "the query: too many parameters");
}

TEST(Query, CountsAreWithinTheirLimits) {
  const Parameters query = *parse_query("good=7&zero=0&large=501&signed=-1&text=7x&none=");
  EXPECT_EQ(*count_in(query, "good", 100, 500), 7U);
  EXPECT_EQ(*count_in(query, "missing", 100, 500), 100U);
  for (const char* name : {"zero", "large", "signed", "text", "none"}) {
    const auto got = count_in(query, name, 100, 500);
    ASSERT_FALSE(got) << name;
    EXPECT_EQ(got.error().text, std::string("the query's ") + name + ": want a number from 1 to 500");
  }
}

TEST(ImageDigest, IsAsRegistriesWriteIt) {
  const std::string digits(64, 'a');
  EXPECT_TRUE(is_image_digest("sha256:" + digits));
  EXPECT_TRUE(is_image_digest("sha512:" + digits + digits));
  for (const std::string& wrong : {std::string(), digits, "sha256:" + digits + "a", "sha256:" + std::string(64, 'A'),
                                   "sha512:" + digits, "md5:" + digits, "sha256:" + std::string(63, 'a') + "\n"}) {
    EXPECT_FALSE(is_image_digest(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace initscan::server
