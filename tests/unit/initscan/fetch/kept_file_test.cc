#include "initscan/fetch/kept_file.h"

#include "common/file_io.h"
#include "tests/unit/initscan/fetch/own_folder.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace initscan {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUrl = "https://mirror.example.com/Debian/all.zip";

class KeptFileTest : public testing::Test {
 protected:
  KeptFileTest() { EXPECT_TRUE(make_kept_folder(folder_.path())); }

  static void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }
  static std::string text_of(const std::string& path) {
    const auto text = read_file(path, 1 << 20);
    return text ? *text : "nothing";
  }

  void bring(const std::string& text, const std::string& etag) {
    write(file_.part_path(), text);
    ASSERT_TRUE(file_.complete({kUrl, etag, "", text.size()}));
  }

  const OwnFolder folder_;
  const KeptFile file_{folder_.path(), "a.zip"};
};

TEST_F(KeptFileTest, GoesFromAPartToANewOneAndIntoUse) {
  EXPECT_FALSE(file_.origin());
  ASSERT_TRUE(file_.note_part({kUrl, "\"1\"", "", 5}));
  write(file_.part_path(), "abc");
  ASSERT_TRUE(file_.part());
  EXPECT_EQ(file_.part()->bytes, 3U);
  EXPECT_EQ(file_.part()->origin.etag, "\"1\"");

  bring("abcde", "\"1\"");
  EXPECT_FALSE(file_.part());
  ASSERT_TRUE(file_.new_origin());
  EXPECT_FALSE(file_.origin()) << "nobody has looked at it";

  ASSERT_TRUE(file_.accept());
  EXPECT_FALSE(file_.new_origin());
  EXPECT_EQ(file_.origin(), (Origin{kUrl, "\"1\"", "", 5}));
  EXPECT_EQ(text_of(file_.path()), "abcde");
}

TEST_F(KeptFileTest, StaysWhereTheNewOneIsDropped) {
  bring("old", "\"1\"");
  ASSERT_TRUE(file_.accept());
  bring("newer", "\"2\"");
  file_.drop_new();
  EXPECT_FALSE(file_.new_origin());
  EXPECT_EQ(file_.origin()->etag, "\"1\"");
  EXPECT_EQ(text_of(file_.path()), "old");
}

TEST_F(KeptFileTest, IsReplacedByWhatWasMadeOfItAndKeepsItsOrigin) {
  write(file_.new_path(), "made of nothing");
  EXPECT_FALSE(file_.replace()) << "there is none in use";
  bring("old", "\"1\"");
  ASSERT_TRUE(file_.accept());
  EXPECT_FALSE(file_.replace()) << "nothing was made";
  write(file_.new_path(), "old and more");
  ASSERT_TRUE(file_.replace());
  EXPECT_EQ(text_of(file_.path()), "old and more");
  EXPECT_EQ(file_.origin(), (Origin{kUrl, "\"1\"", "", 12}));
  EXPECT_FALSE(file_.new_origin());
}

TEST_F(KeptFileTest, IsForgottenWithItsOrigin) {
  bring("old", "\"1\"");
  ASSERT_TRUE(file_.accept());
  file_.forget();
  EXPECT_FALSE(file_.origin());
  EXPECT_EQ(text_of(file_.path()), "nothing");
}

// As a process leaves it that ends between two steps.
TEST_F(KeptFileTest, HasNoOriginWithoutTheNoteOfThoseVeryBytes) {
  bring("old", "\"1\"");
  ASSERT_TRUE(file_.accept());
  write(file_.path(), "ol");
  EXPECT_FALSE(file_.origin()) << "somebody cut it off";
  bring("old", "\"1\"");
  ASSERT_TRUE(file_.accept());
  fs::remove(file_.path() + ".origin");
  EXPECT_FALSE(file_.origin());
  EXPECT_EQ(text_of(file_.path()), "old") << "it can be used all the same";
}

TEST_F(KeptFileTest, HasNoOriginByANoteThatIsNone) {
  bring("old", "\"1\"");
  ASSERT_TRUE(file_.accept());
  for (const char* note : {"", "initscan-origin 2\nu\n\n\n3\n", "initscan-origin 1\nu\n\n\nx\n",
                           "initscan-origin 1\nu\n\n\n3\nmore\n", "initscan-origin 1\n"}) {
    write(file_.path() + ".origin", note);
    EXPECT_FALSE(file_.origin()) << note;
  }
}

TEST_F(KeptFileTest, KeepsNoTextThatWouldBeAnotherLine) {
  write(file_.part_path(), "abc");
  ASSERT_TRUE(file_.complete({kUrl, "\"1\"\n\"2\"", std::string(kMaxOriginText + 1, 'x'), 3}));
  EXPECT_EQ(file_.new_origin(), (Origin{kUrl, "", "", 3}));
}

}  // namespace
}  // namespace initscan
