#include "audit/harden/write_plan.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

using Strings = std::vector<std::string>;

Container running(std::string image, Strings command = {}, std::vector<Mount> mounts = {}) {
  Container container;
  container.name = "app";
  container.image = std::move(image);
  container.command = std::move(command);
  container.mounts = std::move(mounts);
  return container;
}

Mount mount(std::string path, bool read_only = false) {
  return {"v", std::move(path), "", read_only, false};
}

Strings paths(const WritePlan& plan) {
  Strings out;
  for (const EmptyDir& dir : plan.volumes) out.push_back(dir.path);
  return out;
}

bool says(const WritePlan& plan, std::string_view part) {
  return std::any_of(plan.notes.begin(), plan.notes.end(),
                     [&](const std::string& note) { return note.find(part) != note.npos; });
}

std::vector<FileChange> listing(std::string_view text) {
  auto changes = parse_file_changes(text);
  EXPECT_TRUE(changes);
  return changes ? *changes : std::vector<FileChange>{};
}

TEST(WritePlan, TmpAlwaysAndNothingMoreOfTheUnknown) {
  const WritePlan plan = plan_writes(running("example/shop:1"), std::nullopt);
  EXPECT_EQ(paths(plan), Strings{"/tmp"});
  EXPECT_TRUE(says(plan, "write paths unknown"));
}

TEST(WritePlan, OfAKnownProgramSaysThatItIsGuessed) {
  const WritePlan plan = plan_writes(running("nginx:1.25"), std::nullopt);
  EXPECT_EQ(plan.volumes,
            (std::vector<EmptyDir>{{"/run", 16, true}, {"/tmp", 256, false}, {"/var/cache/nginx", 256, false}}));
  EXPECT_TRUE(says(plan, "write paths guessed: its image's name says nginx"));
}

TEST(WritePlan, LeavesItsOwnMountsAlone) {
  const WritePlan plan = plan_writes(running("redis:7", {}, {mount("/data/"), mount("/tmp/x")}), std::nullopt);
  EXPECT_EQ(paths(plan), Strings{"/tmp"});
  EXPECT_FALSE(says(plan, "holds data"));
  EXPECT_EQ(paths(plan_writes(running("redis:7", {}, {mount("/tmp"), mount("/data")}), std::nullopt)), Strings{});
}

TEST(WritePlan, SaysWhenAMountIsReadOnly) {
  const WritePlan plan = plan_writes(running("redis:7", {}, {mount("/data", true)}), std::nullopt);
  EXPECT_EQ(paths(plan), Strings{"/tmp"});
  EXPECT_TRUE(says(plan, "/data may be written, but is mounted read-only"));
}

TEST(WritePlan, WarnsOfData) {
  EXPECT_TRUE(says(plan_writes(running("redis:7"), std::nullopt), "/data holds data"));
}

TEST(WritePlan, HidesNoContentThatAnOptionNames) {
  for (const char* path : {"/var/lib/postgresql/15/main", "/etc/shop", "/usr/share/x", "/srv", "/var/lib"}) {
    const WritePlan plan = plan_writes(running("x", {"postgres", "-D", path}), std::nullopt);
    EXPECT_EQ(paths(plan), (Strings{"/run/postgresql", "/tmp"})) << path;
    EXPECT_TRUE(says(plan, "usually comes with the image")) << path;
  }
}

TEST(WritePlan, WhatWasSeenIsBetterThanWhatIsKnown) {
  const WritePlan plan = plan_writes(running("nginx:1.25"),
                                     listing("C /run\nA /run/nginx.pid\nC /srv\nA /srv/uploads\nA /srv/uploads/x\n"));
  EXPECT_EQ(paths(plan), (Strings{"/run", "/srv/uploads", "/tmp"}));
  EXPECT_EQ(plan.notes, Strings{"write paths observed"});
}

TEST(WritePlan, NothingSeenIsAnObservation) {
  const WritePlan plan = plan_writes(running("nginx:1.25"), std::vector<FileChange>{});
  EXPECT_EQ(paths(plan), Strings{"/tmp"});
}

TEST(WritePlan, SaysWhatNoVolumeTakes) {
  const WritePlan plan = plan_writes(running("x"), listing("C /app\nA /app/data.db\n"));
  EXPECT_TRUE(says(plan, "it also wrote /app/data.db, beside files of the image"));
}

TEST(WritePlan, HasALimit) {
  std::string text;
  for (char c = 'a'; c <= 'z'; ++c) text += std::string("A /app/") + c + "/\n";
  const WritePlan plan = plan_writes(running("x"), listing(text));
  EXPECT_EQ(plan.volumes.size(), kMaxEmptyDirs);
  EXPECT_TRUE(says(plan, "it writes to 27 directories"));
}

}  // namespace
}  // namespace initscan::audit
