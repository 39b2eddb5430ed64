#include "initscan/advisory/feed/feed_files.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace initscan {
namespace {

namespace fs = std::filesystem;

class FeedFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "feed_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& bytes) { std::ofstream(folder_ / name) << bytes; }

  std::string visit(const std::string& target) {
    seen_.clear();
    const auto done = for_each_feed_file(
        target, [](std::string_view name) { return name.ends_with(".json"); },
        [&](std::string_view bytes) -> Result<void> {
          seen_.emplace_back(bytes);
          return {};
        });
    return done ? "" : done.error().text;
  }

  fs::path folder_;
  std::vector<std::string> seen_;
};

TEST_F(FeedFiles, VisitsAFolderInOrderAndFollowsNoLink) {
  fs::create_directory(folder_ / "sub");
  write("b.json", "b");
  write("sub/c.json", "c");
  write("a.json", "a");
  write("a.txt", "x");
  fs::create_symlink("/etc/passwd", folder_ / "link.json");
  EXPECT_EQ(visit(folder_.string()), "");
  EXPECT_EQ(seen_, (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(FeedFiles, SaysWhatItCannotRead) {
  EXPECT_EQ(visit(path("none")), path("none") + ": No such file or directory");
  write("nothing", "");
  EXPECT_EQ(visit(path("nothing")),
            path("nothing") + ": want a folder, an archive or a file: Unrecognized archive format");
}

const std::string kTooLarge = "larger than the limit of " + std::to_string(kMaxFeedFileBytes) + " bytes";

TEST_F(FeedFiles, AFileLargerThanItsLimitIsNamed) {
  write("big.json", "");
  fs::resize_file(folder_ / "big.json", kMaxFeedFileBytes + 1);
  EXPECT_EQ(visit(folder_.string()), folder_.string() + ": big.json: " + kTooLarge);
}

TEST_F(FeedFiles, ABombInAnArchiveMeetsTheLimit) {
  write("bomb.json", "");
  fs::resize_file(folder_ / "bomb.json", 4ull << 30);
  const std::string make = "tar -C " + folder_.string() + " -cf - bomb.json | gzip -1 > " + path("bomb.tar.gz");
  fs::resize_file(folder_ / "bomb.json", kMaxFeedFileBytes + (1 << 20));
  ASSERT_EQ(std::system(make.c_str()), 0);
  fs::remove(folder_ / "bomb.json");
  EXPECT_EQ(visit(path("bomb.tar.gz")), path("bomb.tar.gz") + ": bomb.json: " + kTooLarge);
}

// In the locale "C", as in most containers.
TEST_F(FeedFiles, ANameBeyondAsciiIsReadOrNamed) {
  write("\xc3\xbc.json", "ue");
  const std::string zip = "import zipfile; zipfile.ZipFile('z.zip', 'w').write('\xc3\xbc.json')";
  const std::string make = "cd " + folder_.string() + " && tar --format=pax -cf p.tar *.json && /usr/bin/python3 -c \"";
  ASSERT_EQ(std::system((make + zip + '"').c_str()), 0);
  EXPECT_EQ(visit(path("p.tar")), "");
  EXPECT_EQ(seen_, std::vector<std::string>{"ue"});
  EXPECT_EQ(visit(path("z.zip")),
            path("z.zip") + ": a file name that this locale cannot represent; give the feed as a folder or a tar");
}

TEST_F(FeedFiles, WhatIsNamedItselfIsOneWhateverItIsCalled) {
  write("main", "a");
  EXPECT_EQ(visit(path("main")), "");
  EXPECT_EQ(seen_, std::vector<std::string>{"a"});
  for (const char* packer : {"gzip", "zstd -q", "bzip2", "xz"}) {
    ASSERT_EQ(std::system(("cd " + folder_.string() + " && " + packer + " -c main > packed").c_str()), 0) << packer;
    EXPECT_EQ(visit(path("packed")), "") << packer;
    EXPECT_EQ(seen_, std::vector<std::string>{"a"}) << packer;
  }
}

// Between two files, too, where each that is left is whole.
TEST_F(FeedFiles, AnArchiveWithoutItsEndIsAnError) {
  write("a.json", std::string(512, 'a'));
  write("b.json", std::string(512, 'b'));
  const std::string make = "cd " + folder_.string() +
                           " && tar -cf a.tar a.json b.json && /usr/bin/python3 -c \"import zipfile; " +
                           "z = zipfile.ZipFile('a.zip', 'w'); z.write('a.json'); z.write('b.json'); z.close()\"";
  ASSERT_EQ(std::system(make.c_str()), 0);
  for (const char* name : {"a.tar", "a.zip"}) {
    EXPECT_EQ(visit(path(name)), "") << name;
    EXPECT_EQ(seen_.size(), 2U) << name;
  }
  fs::resize_file(path("a.tar"), 1024);
  EXPECT_EQ(visit(path("a.tar")), path("a.tar") + ": damaged archive: its end is missing");
  fs::resize_file(path("a.zip"), fs::file_size(path("a.zip")) - 30);
  EXPECT_EQ(visit(path("a.zip")), path("a.zip") + ": damaged archive: its end is missing");
  EXPECT_TRUE(seen_.empty()) << "nothing of it is used";
}

TEST_F(FeedFiles, AnArchiveThatIsCutShortIsAnError) {
  write("a.json", std::string(100'000, 'a'));
  ASSERT_EQ(std::system(("tar -C " + folder_.string() + " -cf " + path("a.tar") + " a.json").c_str()), 0);
  fs::resize_file(folder_ / "a.tar", 50'000);
  EXPECT_NE(visit(path("a.tar")), "");
  EXPECT_TRUE(seen_.empty());
}

}  // namespace
}  // namespace initscan
