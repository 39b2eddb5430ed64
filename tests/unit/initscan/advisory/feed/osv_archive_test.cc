#include "initscan/advisory/feed/osv_archive.h"

#include "tests/unit/temporary_folder.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

std::string document(const std::string& id, int second) {
  return R"({"id":")" + id + R"(","modified":"1970-01-01T00:00:0)" + std::to_string(second) + R"(Z"})";
}

OsvRecords records(std::initializer_list<std::pair<const char*, int>> all) {
  OsvRecords records;
  for (const auto& [id, second] : all) records.emplace(id, OsvMoment{second, ""});
  return records;
}

class OsvArchive : public testing::Test {
 protected:
  // A folder is as good as an archive to begin with.
  std::string folder(std::initializer_list<std::pair<const char*, int>> all) {
    const fs::path path = folder_.path() / "first";
    fs::create_directory(path);
    for (const auto& [id, second] : all) std::ofstream(path / (std::string(id) + ".json")) << document(id, second);
    return path.string();
  }
  std::string place() const { return (folder_.path() / "merged.zip").string(); }

  TemporaryFolder folder_;
};

TEST_F(OsvArchive, DiffersFromAListingByWhatIsNewerAndGone) {
  const OsvDifference difference = difference_of(records({{"A", 1}, {"B", 2}, {"C", 3}, {"D", 4}}),
                                                 records({{"A", 1}, {"B", 3}, {"C", 2}, {"E", 1}}));
  EXPECT_THAT(difference.changed, ElementsAre("B", "E")) << "of C there is a newer one than is listed";
  EXPECT_EQ(difference.gone, 1u);
}

TEST_F(OsvArchive, IsMergedWithWhatChanged) {
  const std::string first = folder({{"A", 1}, {"B", 2}, {"D", 4}});
  const OsvRecords listed = records({{"A", 1}, {"B", 3}, {"E", 5}});
  const auto merged = merge_osv_archive(first, {{"B", document("B", 3)}, {"E", document("E", 5)}}, listed, place());
  ASSERT_TRUE(merged) << merged.error().text;
  EXPECT_EQ(*records_in(place()), listed);
  const std::string again = place() + "2";
  ASSERT_TRUE(merge_osv_archive(place(), {{"A", document("A", 2)}}, records({{"A", 2}, {"E", 5}}), again));
  EXPECT_EQ(*records_in(again), records({{"A", 2}, {"E", 5}}));
}

TEST_F(OsvArchive, ThatIsDamagedOrCannotBeWrittenIsAnError) {
  std::ofstream(folder_.path() / "cut.zip") << "PK\3\4";
  const auto cut = records_in((folder_.path() / "cut.zip").string());
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().text, HasSubstr("cut.zip"));
  const std::string first = folder({{"A", 1}});
  std::ofstream(fs::path(first) / "B.json") << document("A", 2);
  const auto twice = records_in(first);
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().text, HasSubstr("a record that is there twice"));
  fs::remove(fs::path(first) / "B.json");
  const auto nowhere = merge_osv_archive(first, {}, records({{"A", 1}}), "/nowhere/merged.zip");
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().text, HasSubstr("/nowhere/merged.zip: cannot be written"));
}

}  // namespace
}  // namespace initscan
