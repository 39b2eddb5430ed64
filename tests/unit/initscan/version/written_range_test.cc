#include "initscan/version/written_range.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

// "1.0..2.0" up to before 2.0, "1.0..=2.0" up to it; "?" where it is not understood.
std::string read(VersionOrder order, std::string_view text) {
  const auto ranges = read_written_range(order, text);
  if (!ranges) return "?";
  std::string words;
  for (const VersionRange& range : *ranges) {
    if (!words.empty()) words += ' ';
    words += range.introduced + ".." + range.fixed;
    if (!range.last_affected.empty()) words += '=' + range.last_affected;
  }
  return words;
}

TEST(WrittenRange, OfNpm) {
  constexpr auto kNpm = VersionOrder::npm;
  EXPECT_EQ(read(kNpm, "^1.2.3"), "1.2.3..2.0.0-0");
  EXPECT_EQ(read(kNpm, "^0.2.3 || ^0.0.3"), "0.2.3..0.3.0-0 0.0.3..0.0.4-0");
  EXPECT_EQ(read(kNpm, "~1.2.3"), "1.2.3..1.3.0-0");
  EXPECT_EQ(read(kNpm, "~1"), "1.0.0..2.0.0-0");
  EXPECT_EQ(read(kNpm, "1.2.x"), "1.2.0..1.3.0-0");
  EXPECT_EQ(read(kNpm, "1.2.3"), "1.2.3..=1.2.3");
  EXPECT_EQ(read(kNpm, ">= 1.2.0 < 2.0.0"), "1.2.0..2.0.0");
  EXPECT_EQ(read(kNpm, ">1.2.3 <=2"), "1.2.4-0..3.0.0-0");
  EXPECT_EQ(read(kNpm, ">1.2.3-rc <2.0.0"), "1.2.3-rc.0..2.0.0");
  EXPECT_EQ(read(kNpm, "1.2 - 2.3.4"), "1.2.0..=2.3.4");
  EXPECT_EQ(read(kNpm, "*"), "..");
  EXPECT_EQ(read(kNpm, ""), "..");
  EXPECT_EQ(read(kNpm, ">1.9 <1.2"), "") << "nothing is in it";
  for (const char* none : {"latest", ">=a", "1.2.3.4", "=>1.0.0", "git+ssh://x", "01.0.0", "1.2 -2", "1.2.x-rc",
                           "^9007199254740991", ">11111111111111111111"}) {
    EXPECT_EQ(read(kNpm, none), "?") << none;
  }
}

TEST(WrittenRange, OfCargo) {
  constexpr auto kCargo = VersionOrder::cargo;
  EXPECT_EQ(read(kCargo, "1.2.3"), "1.2.3..2.0.0-0");
  EXPECT_EQ(read(kCargo, "=1.2.3"), "1.2.3..=1.2.3");
  EXPECT_EQ(read(kCargo, ">= 1.2, < 1.5"), "1.2.0..1.5.0-0");
  EXPECT_EQ(read(kCargo, "1.*"), "1.0.0..2.0.0-0");
  EXPECT_EQ(read(kCargo, "1.2.*"), "1.2.0..1.3.0-0");
  for (const char* none : {">= 1.2,", "", ">=", ">= *", "<1.x", ">= x"}) EXPECT_EQ(read(kCargo, none), "?") << none;
}

TEST(WrittenRange, OfPython) {
  constexpr auto kPython = VersionOrder::python;
  EXPECT_EQ(read(kPython, ">=1.0,<2"), "1.0..2.dev0");
  EXPECT_EQ(read(kPython, "~=1.4.5"), "1.4.5..1.5.dev0");
  EXPECT_EQ(read(kPython, "==1.4"), "1.4..1.4.post0.dev0") << "with its local versions";
  EXPECT_EQ(read(kPython, "==1!1.4.*"), "1!1.4.dev0..1!1.5.dev0");
  EXPECT_EQ(read(kPython, "==1.4+x"), "1.4+x..=1.4+x");
  EXPECT_EQ(read(kPython, "!=1.5.*, <=2.0rc1"), "..1.5.dev0 1.6.dev0..2.0rc1.post0.dev0");
  EXPECT_EQ(read(kPython, "<=1.0.post9"), "..1.0.post10.dev0");
  EXPECT_EQ(read(kPython, ""), "..");
  for (const char* none : {">1.0", "<1.0.post1", "~=1", "===1.0", "1.0", "==", "==1.0a1.*", ">=1.0+x", ">=french"}) {
    EXPECT_EQ(read(kPython, none), "?") << none;
  }
}

TEST(WrittenRange, OfRubyGems) {
  constexpr auto kGem = VersionOrder::gem;
  EXPECT_EQ(read(kGem, "~> 1.2.3"), "1.2.3..1.3.A");
  EXPECT_EQ(read(kGem, "~> 1"), "1..2.A");
  EXPECT_EQ(read(kGem, "~> 1.2.a"), "1.2.a..2.A");
  EXPECT_EQ(read(kGem, ">= 1.0, < 2.0"), "1.0..2.0");
  EXPECT_EQ(read(kGem, "1.0"), "1.0..=1.0");
  EXPECT_EQ(read(kGem, "!= 1.0, < 1.0"), "..1.0");
  for (const char* none : {"> 1.0", "~> a", ">=", "", ">= 1.0,"}) EXPECT_EQ(read(kGem, none), "?") << none;
}

TEST(WrittenRange, OfComposer) {
  constexpr auto kComposer = VersionOrder::composer;
  EXPECT_EQ(read(kComposer, "^1.2.3"), "1.2.3-dev..2-dev");
  EXPECT_EQ(read(kComposer, "^0.2 || ~1.2.3"), "0.2-dev..0.3-dev 1.2.3-dev..1.3-dev");
  EXPECT_EQ(read(kComposer, ">=1.0,<1.2.5"), "1.0-dev..1.2.5-dev");
  EXPECT_EQ(read(kComposer, "1.2.*|2.0 - 2.1"), "1.2-dev..1.3-dev 2.0-dev..2.2-dev");
  EXPECT_EQ(read(kComposer, "<=1.0-beta1"), "..=1.0-beta1");
  EXPECT_EQ(read(kComposer, "*"), "..");
  for (const char* none : {">1.0", "dev-main", "", "~x", "1.*.2", ">=1.*", "@dev"}) {
    EXPECT_EQ(read(kComposer, none), "?") << none;
  }
}

TEST(WrittenRange, OfMaven) {
  constexpr auto kMaven = VersionOrder::maven;
  EXPECT_EQ(read(kMaven, "[1.0,2.0)"), "1.0..2.0");
  EXPECT_EQ(read(kMaven, "(,1.0],[1.2,)"), "..=1.0 1.2..");
  EXPECT_EQ(read(kMaven, "[1.0]"), "1.0..=1.0");
  EXPECT_EQ(read(kMaven, "[ 1.0 , 2.0 ]"), "1.0..=2.0");
  for (const char* none : {"1.0", "(1.0,2.0)", "[1.0", "[1,2,3]", "(1.0)", "[]", "[1.0)x", "[1,2],"}) {
    EXPECT_EQ(read(kMaven, none), "?") << none;
  }
}

TEST(WrittenRange, HasLimits) {
  EXPECT_EQ(read(VersionOrder::npm, std::string(kMaxRangeBytes + 1, '1')), "?");
  std::string alternatives = "1.0.0";
  for (std::size_t i = 0; i < kMaxIntervals; ++i) alternatives += "||2.0.0";
  EXPECT_EQ(read(VersionOrder::npm, alternatives), "?");
  EXPECT_EQ(read(VersionOrder::deb, ">= 1.0"), "?") << "dpkg's own are read by nobody";
  std::string many = "!=1.0";
  while (many.size() + 10 < kMaxRangeBytes) many += ",!=1." + std::to_string(many.size());
  EXPECT_EQ(read(VersionOrder::python, many), "?");
}

}  // namespace
}  // namespace initscan
