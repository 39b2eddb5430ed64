#include "common/file_io.h"

#include <filesystem>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
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

TEST_F(FileIo, WritesPieceByPiece) {
  ASSERT_TRUE(write_file(path("a"), "old"));
  auto file = FileWriter::create(path("a"));
  ASSERT_TRUE(file) << file.error().text;
  std::string want;
  for (int i = 0; i < 50'000; ++i) {
    file->write(std::to_string(i) + ' ');
    want += std::to_string(i) + ' ';
  }
  EXPECT_EQ(*read_file(path("a"), 10), "old") << "a reader sees the old file until the new one is whole";
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(*read_file(path("a"), want.size()), want);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);

  auto reader = FileReader::open(path("a"));
  ASSERT_TRUE(reader);
  std::string got;
  int pieces = 0;
  for (auto piece = reader->next(); piece && !piece->empty(); piece = reader->next()) {
    got += *piece;
    ++pieces;
  }
  EXPECT_EQ(got, want);
  EXPECT_GT(pieces, 1);
}

TEST_F(FileIo, WithoutCommitNothingWasWritten) {
  {
    auto file = FileWriter::create(path("a"));
    ASSERT_TRUE(file);
    file->write(std::string(200'000, 'x'));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(FileIo, SaysWhatKeptItFromWriting) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 100'000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  auto file = FileWriter::create(path("a"));
  ASSERT_TRUE(file);
  for (int i = 0; i < 10; ++i) file->write(std::string(50'000, 'x'));
  const auto done = file->commit();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text, "cannot write: File too large");
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(FileIo, ALinkStaysAndWhatItLeadsToIsReplaced) {
  std::filesystem::create_directory(path("other"));
  std::filesystem::create_symlink("other/middle", path("link"));
  std::filesystem::create_symlink("target", path("other/middle"));
  for (const char* const bytes : {"first", "second"}) {
    ASSERT_TRUE(write_file(path("link"), bytes));
    EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
    EXPECT_TRUE(std::filesystem::is_symlink(path("other/middle")));
    EXPECT_EQ(*read_file(path("other/target"), 10), bytes);
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path("other")), {}), 2) << "nothing is left beside";
}

TEST_F(FileIo, ALoopOfLinksIsAnError) {
  std::filesystem::create_symlink("b", path("a"));
  std::filesystem::create_symlink("a", path("b"));
  EXPECT_EQ(write_file(path("a"), "x").error().text, "cannot open: Too many levels of symbolic links");
}

TEST_F(FileIo, AFifoIsWrittenToAndNeverWaitedFor) {
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_EQ(write_file(path("fifo"), "x").error().text, "cannot open for writing: nobody reads from it");
  const Descriptor reader(open(path("fifo").c_str(), O_RDONLY | O_NONBLOCK));
  ASSERT_TRUE(reader.is_open());
  ASSERT_TRUE(write_file(path("fifo"), "hello"));
  EXPECT_TRUE(std::filesystem::is_fifo(path("fifo")));
  std::string got(5, '\0');
  EXPECT_EQ(read(reader.fd(), got.data(), got.size()), 5);
  EXPECT_EQ(got, "hello");
}

TEST_F(FileIo, OnlyARegularFileIsRead) {
  ASSERT_EQ(mkfifo(path("fifo").c_str(), 0600), 0);
  const std::string refused = "is not a regular file; want one, or - for standard input where that is accepted";
  EXPECT_EQ(read_file(path("fifo"), 10).error().text, refused) << "nobody may ever write to it";
  EXPECT_EQ(read_file("/dev/zero", 10).error().text, refused);
  std::filesystem::create_symlink("fifo", path("to-fifo"));
  EXPECT_EQ(read_file(path("to-fifo"), 10).error().text, refused);
}

TEST_F(FileIo, ADeviceStaysOne) {
  std::filesystem::create_symlink("/dev/null", path("null"));
  ASSERT_TRUE(write_file("/dev/null", "x"));
  ASSERT_TRUE(write_file(path("null"), "x"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  EXPECT_TRUE(std::filesystem::is_symlink(path("null")));
  EXPECT_EQ(write_file("/dev/full", "x").error().text, "cannot write: No space left on device");
}

TEST_F(FileIo, AnOpenFileOfProcIsWrittenToInItsPlace) {
  ASSERT_TRUE(write_file(path("a"), "old"));
  const Descriptor open_file(open(path("a").c_str(), O_RDWR));
  ASSERT_TRUE(write_file("/proc/self/fd/" + std::to_string(open_file.fd()), "new"));
  std::string got(3, '\0');
  EXPECT_EQ(pread(open_file.fd(), got.data(), got.size(), 0), 3);
  EXPECT_EQ(got, "new") << "a file was put in the place of the one that is open";
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
  EXPECT_EQ(write_file(folder_, "").error().text, "is a directory; want a file");
  EXPECT_EQ(write_file(path("no/such/folder"), "").error().text, "cannot create: No such file or directory");
}

}  // namespace
}  // namespace initscan
