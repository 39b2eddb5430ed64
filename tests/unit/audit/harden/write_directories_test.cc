#include "audit/harden/write_directories.h"

#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

using Strings = std::vector<std::string>;

struct Case {
  const char* name;
  std::string_view listing;
  Strings mounts;
  Strings scratch;
  Strings directories;
  Strings left_out;
};

std::vector<Mount> mounts_of(const Strings& paths) {
  std::vector<Mount> mounts;
  for (const std::string& path : paths) mounts.push_back({"v", path, "", false, false});
  return mounts;
}

class WriteDirectoriesOf : public testing::TestWithParam<Case> {};

TEST_P(WriteDirectoriesOf, HoldWhatWasWritten) {
  const Case& c = GetParam();
  const auto changes = parse_file_changes(c.listing);
  ASSERT_TRUE(changes) << changes.error().text;
  const WriteDirectories got = write_directories(*changes, mounts_of(c.mounts), c.scratch);
  EXPECT_EQ(got.directories, c.directories);
  EXPECT_EQ(got.left_out, c.left_out);
}

INSTANTIATE_TEST_SUITE_P(
    Table, WriteDirectoriesOf,
    testing::Values(
        Case{"Nothing", "", {}, {}, {}, {}},
        Case{"AllBelowTmp", "C /tmp\nA /tmp/a\nA /tmp/b\nA /tmp/b/c\n", {}, {}, {"/tmp"}, {}},
        Case{"AFileIntoADirectoryOfTheImage", "C /run\nA /run/nginx.pid\n", {}, {}, {"/run"}, {}},
        Case{
            "ADirectoryOfItsOwn", "C /app\nA /app/cache\nA /app/cache/x\nA /app/cache/y\n", {}, {}, {"/app/cache"}, {}},
        Case{"TheHighestOfItsOwn", "C /srv\nA /srv/a\nA /srv/a/b\nA /srv/a/b/c\n", {}, {}, {"/srv/a"}, {}},
        Case{"AnEmptyDirectoryOfItsOwn", "C /app\nA /app/cache/\n", {}, {}, {"/app/cache"}, {}},
        Case{"AFileBesideTheImages", "C /app\nA /app/data.db\n", {}, {}, {}, {"/app/data.db"}},
        Case{"AFileOfTheImage", "C /etc\nC /etc/shop.conf\n", {}, {}, {}, {"/etc/shop.conf"}},
        Case{"ADeletedFile", "C /usr\nD /usr/bin/x\n", {}, {}, {}, {"/usr/bin/x"}},
        Case{"ALogOfTheImage",
             "C /var\nC /var/log\nC /var/log/nginx\nC /var/log/nginx/error.log\n",
             {},
             {},
             {"/var/log/nginx"},
             {}},
        Case{"OneAboveTheOther", "C /run\nA /run/a.pid\nA /run/b\nA /run/b/c\n", {}, {}, {"/run"}, {}},
        Case{"NeighboursByName",
             "C /app\nA /app/a\nA /app/a/x\nA /app/a-b\nA /app/a-b/x\n",
             {},
             {},
             {"/app/a", "/app/a-b"},
             {}},
        Case{"KnownToBeEmpty",
             "C /var/lib/nginx\nA /var/lib/nginx/body\n",
             {},
             {"/var/lib/nginx"},
             {"/var/lib/nginx"},
             {}},
        Case{"OnAMount", "C /data\nA /data/x\n", {"/data"}, {}, {}, {}},
        Case{"BelowAMount", "C /data\nA /data/x\nA /data/x/y\n", {"/data/x"}, {}, {}, {}},
        Case{"ThePlaceOfAMount", "C /srv\nA /srv/app\nA /srv/app/data\n", {"/srv/app/data"}, {}, {}, {}},
        Case{"NearAMount", "C /app\nA /app/data-x\nA /app/data-x/y\n", {"/app/data"}, {}, {"/app/data-x"}, {}},
        Case{"OfTheRuntime",
             "C /etc\nC /etc/hosts\nA /etc/mtab\nC /dev\nA /dev/x\nA /run/secrets\nA /proc/x\n",
             {},
             {},
             {},
             {}},
        Case{"TooWideToStandEmpty", "C /var/cache\nA /var/cache/x\n", {}, {}, {}, {"/var/cache/x"}},
        Case{"CachesOfTheirOwn",
             "C /var/cache\nC /var/cache/nginx\nA /var/cache/nginx/a\n",
             {},
             {},
             {"/var/cache/nginx"},
             {}},
        Case{"WithoutAncestors", "A /app/cache/x\n", {}, {}, {}, {"/app/cache/x"}},
        Case{"AtTheRoot", "A /core\n", {}, {}, {}, {"/core"}}),
    [](const auto& test) { return test.param.name; });

TEST(MountOf, IsTheDeepest) {
  const std::vector<Mount> mounts = mounts_of({"/a", "/a/b"});
  EXPECT_EQ(mount_of(mounts, "/a/b/c")->path, "/a/b");
  EXPECT_EQ(mount_of(mounts, "/a/bc")->path, "/a");
  EXPECT_EQ(mount_of(mounts, "/ab"), nullptr);
}

// Random write layers over a random image, compared with what must hold of any answer.
class RandomLayer {
 public:
  explicit RandomLayer(unsigned seed) : random_(seed) {
    image_ = {"/tmp", "/run", "/var", "/var/log", "/var/cache", "/app", "/etc", "/app/lib"};
    for (int i = 0; i < 12; ++i) image_.insert(below(pick(image_)));
    for (int i = 0; i < 3; ++i) mounts_.push_back(pick(image_));
    std::set<std::string> layer = image_;
    for (int i = 0; i < 25; ++i) {
      const std::string path = below(pick(layer));
      if (image_.count(path)) continue;
      layer.insert(path);
      add(path, FileChange::Kind::added);
    }
  }

  std::vector<FileChange> changes() const {
    std::vector<FileChange> out;
    for (const auto& [path, kind] : changes_) out.push_back({kind, path});
    return out;
  }

  bool is_of_the_image(const std::string& path) const { return image_.count(path) > 0; }
  const Strings& mounts() const { return mounts_; }

 private:
  std::string pick(const std::set<std::string>& from) {
    return *std::next(from.begin(), static_cast<std::ptrdiff_t>(random_() % from.size()));
  }

  std::string below(const std::string& folder) { return folder + '/' + static_cast<char>('a' + random_() % 6); }

  // With every ancestor, as a write layer has them.
  void add(const std::string& path, FileChange::Kind kind) {
    changes_[path] = kind;
    for (std::string up = path.substr(0, path.rfind('/')); !up.empty(); up = up.substr(0, up.rfind('/'))) {
      changes_.try_emplace(up, image_.count(up) ? FileChange::Kind::changed : FileChange::Kind::added);
    }
  }

  std::mt19937 random_;
  std::set<std::string> image_;
  Strings mounts_;
  std::map<std::string, FileChange::Kind> changes_;
};

constexpr std::string_view kMayStandEmpty[] = {"/tmp", "/run", "/var/log", "/var/cache"};

bool may_stand_empty(const std::string& path) {
  return std::any_of(std::begin(kMayStandEmpty), std::end(kMayStandEmpty),
                     [&](auto tree) { return is_at_or_below(path, tree); });
}

TEST(WriteDirectoriesProperties, HoldForRandomLayers) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    RandomLayer layer(seed);
    std::vector<FileChange> changes = layer.changes();
    const std::vector<Mount> mounts = mounts_of(layer.mounts());
    const WriteDirectories got = write_directories(changes, mounts, {});
    SCOPED_TRACE(seed);

    for (const std::string& one : got.directories) {
      for (const std::string& other : got.directories) {
        EXPECT_TRUE(one == other || !is_at_or_below(one, other)) << one << " in " << other;
      }
      EXPECT_EQ(mount_of(mounts, one), nullptr) << one << " is on a mount";
      EXPECT_TRUE(!layer.is_of_the_image(one) || may_stand_empty(one)) << one << " would hide the image's";
    }
    // Each write is on a mount, in exactly one directory, or left out.
    for (const FileChange& change : changes) {
      const bool is_leaf = std::none_of(changes.begin(), changes.end(), [&](const FileChange& other) {
        return other.path != change.path && is_at_or_below(other.path, change.path);
      });
      if (!is_leaf || mount_of(mounts, change.path)) continue;
      const bool makes_way = std::any_of(mounts.begin(), mounts.end(),
                                         [&](const Mount& m) { return is_at_or_below(m.path, change.path); });
      const auto covering = std::count_if(got.directories.begin(), got.directories.end(),
                                          [&](const std::string& dir) { return is_at_or_below(change.path, dir); });
      const auto left_out = std::count(got.left_out.begin(), got.left_out.end(), change.path);
      EXPECT_EQ(covering + left_out, makes_way ? covering : 1) << change.path;
    }
    // No directory without a write in it: the set has none too many.
    for (const std::string& dir : got.directories) {
      EXPECT_TRUE(std::any_of(changes.begin(), changes.end(), [&](const FileChange& c) {
        return is_at_or_below(c.path, dir);
      })) << dir;
    }
    std::mt19937 random(seed);
    std::shuffle(changes.begin(), changes.end(), random);
    const WriteDirectories again = write_directories(changes, mounts, {});
    EXPECT_EQ(again.directories, got.directories);
    EXPECT_EQ(again.left_out, got.left_out);
    if (testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace initscan::audit
