#include "common/yaml/documents.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

namespace initscan {
namespace {

TEST(YamlDocuments, AreAllOfTheStream) {
  EXPECT_EQ(load_documents("").size(), 0u);
  EXPECT_EQ(load_documents("a: 1").size(), 1u);
  EXPECT_EQ(load_documents("---\na: [1, 2]\n---\n---\n{b: 1, c: [,]}\n").size(), 3u);
  EXPECT_EQ(load_documents("[a, b]\n[c]").size(), 2u);
}

TEST(YamlDocuments, EndAtACommaThatBelongsToNothing) {
  for (const char* text : {",", ",a", "a: 1\n---\n,", "[a] , b", "\"a\" ,", ", ,"}) {
    EXPECT_THROW(load_documents(text), YAML::Exception) << text;
  }
}

}  // namespace
}  // namespace initscan
