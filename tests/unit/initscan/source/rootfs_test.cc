#include "initscan/source/rootfs.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace initscan {
namespace {

namespace fs = std::filesystem;

class RootFsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "rootfs_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    top_ = name;
    fs::create_directories(top_ / "root/etc");
    write("secret", "outside");
    write("root/etc/inside", "inside");
  }
  void TearDown() override { fs::remove_all(top_); }

  void write(const std::string& name, const std::string& content) { std::ofstream(top_ / name) << content; }
  void link(const std::string& target, const std::string& name) { fs::create_symlink(target, top_ / name); }

  RootFs root() const {
    auto opened = RootFs::open_root((top_ / "root").string());
    if (!opened) throw std::runtime_error(opened.error().text);
    return std::move(*opened);
  }
  std::string read(const std::string& path) const {
    const auto bytes = root().read(path, 100);
    return !bytes ? "error: " + bytes.error().text : bytes->has_value() ? **bytes : "missing";
  }

  fs::path top_;
};

TEST_F(RootFsTest, ReadsAFile) {
  EXPECT_EQ(read("etc/inside"), "inside");
}

TEST_F(RootFsTest, SaysWhatIsMissing) {
  EXPECT_EQ(read("etc/none"), "missing");
  EXPECT_EQ(read("etc/inside/below"), "missing");
  EXPECT_EQ(RootFs::open_root("/no/such").error().text, "/no/such: cannot open: No such file or directory");
}

TEST_F(RootFsTest, NeverLeavesTheRoot) {
  link("../../secret", "root/etc/up");
  link((top_ / "secret").string(), "root/etc/absolute");
  link("/etc/inside", "root/etc/own");
  EXPECT_EQ(read("etc/up"), "error: is behind a broken symbolic link");
  EXPECT_EQ(read("etc/absolute"), "error: is behind a broken symbolic link");
  EXPECT_EQ(read("../secret"), "missing");
  EXPECT_EQ(read("etc/own"), "inside") << "an absolute link starts at the image's root";
}

TEST_F(RootFsTest, EndsALoopOfLinks) {
  link("b", "root/etc/a");
  link("a", "root/etc/b");
  EXPECT_EQ(read("etc/a"), "error: cannot open: Too many levels of symbolic links");
}

TEST_F(RootFsTest, OpensRegularFilesOnly) {
  ASSERT_EQ(mkfifo((top_ / "root/etc/fifo").c_str(), 0644), 0);
  EXPECT_EQ(read("etc/fifo"), "error: is not a regular file");
  EXPECT_EQ(read("etc"), "error: is not a regular file");
  EXPECT_EQ(root().list("etc/inside", 9).error().text, "is not a folder");
}

TEST_F(RootFsTest, LooksWithoutOpening) {
  ASSERT_EQ(mkfifo((top_ / "root/etc/fifo").c_str(), 0644), 0);
  link("/nowhere", "root/etc/dangling");
  for (const std::string path : {"etc/inside", "etc/fifo", "etc", ""}) EXPECT_TRUE(*root().exists(path)) << path;
  for (const std::string path : {"etc/none", "etc/inside/below", "none/below", "../secret"}) {
    EXPECT_FALSE(*root().exists(path)) << path;
  }
}

TEST_F(RootFsTest, TellsWhatIsBehindALinkThatLeadsNowhere) {
  link("/nowhere", "root/etc/dangling");
  for (const std::string path : {"etc/dangling", "etc/dangling/below/it"}) {
    EXPECT_EQ(read(path), "error: is behind a broken symbolic link") << path;
    EXPECT_FALSE(root().exists(path)) << path;
    EXPECT_FALSE(root().list(path, 9)) << path;
  }
}

// Somebody swaps a file and a FIFO as fast as they can. Whoever opens a FIFO for reading wakes those who wait to write.
TEST_F(RootFsTest, OpensNothingThatWasPutInAFilesPlace) {
  const std::string file = (top_ / "root/etc/inside").string();
  const std::string fifo = (top_ / "root/etc/fifo").string();
  const std::string other_name = (top_ / "fifo").string();
  ASSERT_EQ(mkfifo(fifo.c_str(), 0644), 0);
  fs::create_hard_link(fifo, other_name);
  std::atomic<bool> is_over = false;
  std::atomic<bool> was_opened = false;
  std::size_t swaps = 0;
  std::thread swapping([&] {
    while (!is_over) {
      if (syscall(SYS_renameat2, AT_FDCWD, file.c_str(), AT_FDCWD, fifo.c_str(), RENAME_EXCHANGE) == 0) ++swaps;
    }
  });
  std::thread waiting([&] {
    const Descriptor writer(open(other_name.c_str(), O_WRONLY));
    was_opened = !is_over;
  });
  const RootFs image = root();
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  while (!was_opened && std::chrono::steady_clock::now() < end) (void)image.read("etc/inside", 100);
  is_over = true;
  const Descriptor reader(open(other_name.c_str(), O_RDONLY | O_NONBLOCK));
  waiting.join();
  swapping.join();
  EXPECT_FALSE(was_opened);
  EXPECT_GT(swaps, 100u);
}

TEST_F(RootFsTest, ReadsNothingLargerThanItsLimit) {
  fs::resize_file(top_ / "root/etc/inside", 1ull << 40);
  EXPECT_EQ(read("etc/inside"), "error: larger than the limit of 100 bytes");
  write("root/etc/inside", std::string(100, 'x'));
  EXPECT_EQ(read("etc/inside"), std::string(100, 'x'));
}

TEST_F(RootFsTest, DoesNotReadKernelState) {
  const auto proc = RootFs::open_root("/");
  ASSERT_TRUE(proc);
  EXPECT_EQ(proc->read("proc/version", 1000).error().text, "is on a pseudo file system");
  EXPECT_FALSE(proc->read("proc/self/exe", 1000)) << "a magic link";
}

TEST_F(RootFsTest, ListsSorted) {
  write("root/etc/b", "");
  write("root/etc/a", "");
  EXPECT_EQ(**root().list("etc", 9), (std::vector<std::string>{"a", "b", "inside"}));
  EXPECT_FALSE((*root().list("none", 9)).has_value());
  EXPECT_EQ(root().list("etc", 2).error().text, "more than 2 entries");
}

TEST_F(RootFsTest, CountsWhatItWalks) {
  fs::create_directories(top_ / "root/a/b/c");
  link("/", "root/a/loop");
  const Coverage coverage = root().visit({});
  EXPECT_EQ(coverage.files_seen, 6u);  // etc, etc/inside, a, a/b, a/b/c, a/loop
  EXPECT_EQ(coverage.unreadable, 0u);
  EXPECT_EQ(coverage.other_mounts, 0u);
  EXPECT_FALSE(coverage.truncated);
}

TEST_F(RootFsTest, ShowsEveryEntryOnce) {
  fs::create_directories(top_ / "root/a/b");
  write("root/a/b/file", "text");
  link("b", "root/a/link");
  ASSERT_EQ(mkfifo((top_ / "root/a/fifo").c_str(), 0644), 0);
  ASSERT_EQ(chmod((top_ / "root/a/b/file").c_str(), 04750), 0);
  std::map<std::string, FileKind> seen;
  const Coverage coverage = root().visit([&](const FileEntry& entry) {
    EXPECT_TRUE(seen.emplace(entry.path(), entry.kind()).second) << entry.path();
    EXPECT_FALSE(entry.layer());
    if (entry.path() != "a/b/file") return;
    EXPECT_EQ(*entry.attributes(), (FileAttributes{4, 04750, getuid(), getgid()}));
    EXPECT_EQ(*read_whole(**entry.open(), 10), "text");
  });
  EXPECT_EQ(seen, (std::map<std::string, FileKind>{{"a", FileKind::folder},
                                                   {"a/b", FileKind::folder},
                                                   {"a/b/file", FileKind::regular},
                                                   {"a/fifo", FileKind::other},
                                                   {"a/link", FileKind::link},
                                                   {"etc", FileKind::folder},
                                                   {"etc/inside", FileKind::regular}}));
  EXPECT_EQ(coverage, root().visit({}));
}

TEST_F(RootFsTest, OpensOnlyRegularFilesWhereItShowsThem) {
  link("etc/inside", "root/link");
  ASSERT_EQ(mkfifo((top_ / "root/fifo").c_str(), 0644), 0);
  std::map<std::string, std::string> errors;
  (void)root().visit([&](const FileEntry& entry) {
    const auto file = entry.open();
    if (!file) errors.emplace(entry.path(), file.error().text);
  });
  EXPECT_EQ(errors, (std::map<std::string, std::string>{{"etc", "is not a regular file"},
                                                        {"fifo", "is not a regular file"},
                                                        {"link", "is not a regular file"}}));
}

TEST_F(RootFsTest, ReadsWhereItIsAsked) {
  write("root/etc/inside", "0123456789");
  const RootFs image = root();
  const auto file = image.open("etc/inside");
  ASSERT_TRUE(file && *file);
  std::string bytes(4, '-');
  EXPECT_EQ(*(*file)->read_at(3, bytes), 4u);
  EXPECT_EQ(bytes, "3456");
  EXPECT_EQ(*(*file)->read_at(8, bytes), 2u);
  EXPECT_EQ(*(*file)->read_at(99, bytes), 0u);
}

TEST_F(RootFsTest, StopsInATreeThatIsTooDeep) {
  fs::path deep = top_ / "root";
  for (std::size_t i = 0; i < kMaxDepth + 1; ++i) deep /= "d";
  fs::create_directories(deep);
  EXPECT_TRUE(root().visit({}).truncated);
}

TEST_F(RootFsTest, EntersNoOtherMount) {
  const auto machine = RootFs::open_root("/dev");
  ASSERT_TRUE(machine);
  const bool has_mounts = fs::exists("/dev/pts/ptmx") || fs::exists("/dev/shm");
  if (!has_mounts) GTEST_SKIP() << "nothing is mounted below /dev on this machine";
  EXPECT_GT(machine->visit({}).other_mounts, 0u);
}

}  // namespace
}  // namespace initscan
