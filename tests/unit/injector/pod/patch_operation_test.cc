#include "injector/pod/patch_operation.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

using Json = nlohmann::json;

TEST(PatchOperation, TheTextIsThatOfTheDocument) {
  const PatchOperations operations{addition("/spec/a", {{"b", Json::array({1, "two"})}}), removal("/spec/c/0"),
                                   addition("/metadata/annotations/example.com~1\"x\"", nullptr)};
  EXPECT_EQ(patch_text(operations),
            R"([{"op":"add","path":"/spec/a","value":{"b":[1,"two"]}},{"op":"remove","path":"/spec/c/0"},)"
            R"({"op":"add","path":"/metadata/annotations/example.com~1\"x\"","value":null}])");
  EXPECT_EQ(Json::parse(patch_text(operations)), patch_document(operations));
}

TEST(PatchOperation, NothingIsAnEmptyPatch) {
  EXPECT_EQ(patch_text({}), "[]");
  EXPECT_EQ(patch_document({}), Json::array());
}

TEST(PatchOperation, TextThatIsNoneIsMadeOne) {
  EXPECT_EQ(patch_text({addition("/a", "\xff")}), "[{\"op\":\"add\",\"path\":\"/a\",\"value\":\"\xEF\xBF\xBD\"}]");
}

}  // namespace
}  // namespace initscan::injector
