#include "common/yaml/load_all.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

TEST(LoadAllYaml, AreAllOfTheStream) {
  EXPECT_EQ(load_all_yaml("").size(), 0u);
  EXPECT_EQ(load_all_yaml("a: 1").size(), 1u);
  EXPECT_EQ(load_all_yaml("---\na: [1, 2]\n---\n---\n{b: 1, c: [,]}\n").size(), 3u);
  EXPECT_EQ(load_all_yaml("[a, b]\n[c]").size(), 2u);
}

TEST(LoadAllYaml, EndAtACommaThatBelongsToNothing) {
  for (const std::string text : {",", ",a", "a: 1\n---\n,", "[a] , b", "\"a\" ,", ", ,"}) {
    EXPECT_THROW(load_all_yaml(text), YAML::Exception) << text;
  }
}

}  // namespace
}  // namespace initscan
