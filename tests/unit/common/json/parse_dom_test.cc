#include "common/json/parse_dom.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(ParseDom, GivesTheElement) {
  simdjson::dom::parser parser;
  const auto root = parse_dom(parser, R"({"a":7})");
  ASSERT_TRUE(root);
  EXPECT_EQ((*root)["a"].get_int64().value(), 7);
}

TEST(ParseDom, RefusesWhatIsNoDocument) {
  simdjson::dom::parser parser;
  const auto error = [&](std::string_view json) {
    const auto root = parse_dom(parser, json);
    return root ? "none" : root.error().text;
  };
  EXPECT_EQ(error(std::string_view()), "not JSON: there is nothing");  // a sanitizer sees what is done with no address
  EXPECT_EQ(error(""), "not JSON: there is nothing");
  EXPECT_EQ(error("{").substr(0, 10), "not JSON: ");
}

}  // namespace
}  // namespace initscan
