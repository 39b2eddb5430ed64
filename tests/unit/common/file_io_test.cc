#include "common/file_io.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

namespace initscan {
namespace {

class FileIo : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "file_io_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
};

TEST_F(FileIo, ReadsWhatWasWritten) {
  const std::string bytes(200'000, 'x');
  ASSERT_TRUE(write_file(path("a"), bytes));
  const auto read = read_file(path("a"), bytes.size());
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(*read, bytes);
}

TEST_F(FileIo, ReplacesAndLeavesNothingBeside) {
  ASSERT_TRUE(write_file(path("a"), "old"));
  ASSERT_TRUE(write_file(path("a"), "new"));
  EXPECT_EQ(*read_file(path("a"), 10), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(FileIo, RefusesMoreThanTheLimit) {
  ASSERT_TRUE(write_file(path("a"), "12345"));
  const auto read = read_file(path("a"), 4);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::over_limit);
  EXPECT_EQ(read.error().text, "larger than the limit of 4 bytes");
}

TEST_F(FileIo, SaysWhyItCannotOpen) {
  EXPECT_EQ(read_file(path("none"), 4).error().text, "cannot open: No such file or directory");
  EXPECT_EQ(read_file(folder_, 4).error().text, "is a directory; want a file");
  EXPECT_EQ(write_file(path("no/such/folder"), "").error().text, "cannot create: No such file or directory");
}

}  // namespace
}  // namespace initscan
