#include "tests/unit/initscan/analyze/rpm_fixtures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ReadBack read(const std::string& bytes) {
  return read_back([&](const HeaderSink& sink) { return read_rpm_ndb(TextView(bytes), sink); });
}

const std::string kTwo = made_ndb({"first", std::string(1000, 'x')});

TEST(RpmNdb, GivesEachBlobWithItsNumber) {
  const ReadBack got = read(kTwo);
  EXPECT_EQ(got.error, "");
  EXPECT_THAT(got.headers, ElementsAre(std::pair(1U, "first"), std::pair(2U, std::string(1000, 'x'))));
  EXPECT_THAT(read(made_ndb({}, 2)).headers, IsEmpty());
}

TEST(RpmNdb, AFreedSlotIsNoPackage) {
  const ReadBack got = read(with(kTwo, 32, "Slot" + std::string(12, '\0')));
  EXPECT_EQ(got.error, "");
  EXPECT_THAT(got.texts(), ElementsAre(std::string(1000, 'x')));
}

struct Bad {
  const char* name;
  std::string bytes;
  std::string error;
};

class BadNdb : public testing::TestWithParam<Bad> {};

TEST_P(BadNdb, IsRefused) {
  EXPECT_EQ(read(GetParam().bytes).error, GetParam().error);
}

// Slot 2 begins at byte 32 and slot 3 at 48; blob 1 begins at byte 4096, has three blocks, and blob 2 follows it.
INSTANTIATE_TEST_SUITE_P(
    Table, BadNdb,
    testing::Values(
        Bad{"Nothing", "", "cut short: ends at byte 0, in a piece that goes on to byte 32"},
        Bad{"AnotherFile", std::string(64, 'x'), "is not a database of rpm's ndb"},
        Bad{"ANewerVersion", with(kTwo, 4, little(1)), "is of version 1 of ndb, and 0 alone is known"},
        Bad{"NoSlots", with(kTwo, 12, little(0)), "says that it has no slots"},
        Bad{"ACountThatLies", with(kTwo, 12, little(0xffffffff)),
            "says that it has 4294967295 pages of slots, more than 4096"},
        Bad{"ASlotWithoutItsMark", with(kTwo, 64, "x"), "slot 4: has no mark of one"},
        Bad{"MoreSlotsThanThereAre", with(made_ndb({}), 12, little(2)),
            "cut short: ends at byte 4096, in a piece that goes on to byte 4112"},
        Bad{"ASlotWithoutItsPackage", with(kTwo, 36, little(0)), "slot 2: is used and names no package"},
        Bad{"APackageInTheSlots", with(kTwo, 40, little(1)), "slot 2: its package lies in the slots"},
        Bad{"APackageInAnother", with(kTwo, 56, little(257)), "package 1 and package 2 lie in the same place"},
        Bad{"TheSamePackageTwice", with(kTwo, 56, little(256)), "package 1 and package 2 lie in the same place"},
        Bad{"APackageBehindTheEnd", with(kTwo, 56, little(0x0fffffff)),
            "package 2: cut short: ends at byte 4294967280, in a piece that goes on to byte 4294968320"},
        Bad{"AHugePackage", with(kTwo, 60, little(0xffffffff)), "package 2: larger than the limit of 33554432 bytes"},
        Bad{"NoBeginning", with(kTwo, 4096, "x"), "package 1: there is no mark where it begins"},
        Bad{"AnotherPackage", with(kTwo, 4100, little(7)), "package 1: it calls itself package 7"},
        Bad{"ALyingLength", with(kTwo, 4108, little(900)), "package 1: its length contradicts its slot's"},
        Bad{"AnOverflowingLength", with(kTwo, 4108, little(0xfffffff0)),
            "package 1: its length contradicts its slot's"},
        Bad{"NoEnd", with(kTwo, 4096 + 3 * 16 - 1, "x"), "package 1: there is no mark where it ends"},
        Bad{"AChangedByte", with(kTwo, 4112, "F"), "package 1: its checksum is wrong"}),
    [](const auto& test) { return test.param.name; });

TEST(RpmNdb, WhatComesBeforeDamageIsGiven) {
  const ReadBack got = read(kTwo.substr(0, kTwo.size() - 1));
  EXPECT_THAT(got.texts(), ElementsAre("first"));
  EXPECT_THAT(got.error, testing::StartsWith("package 2: cut short: "));
}

}  // namespace
}  // namespace initscan
