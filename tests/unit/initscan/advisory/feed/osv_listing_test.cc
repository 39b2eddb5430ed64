#include "initscan/advisory/feed/osv_listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::Pair;

OsvMoment moment(std::string_view text) {
  const auto read = parse_osv_moment(text);
  EXPECT_TRUE(read) << text;
  return read ? *read : OsvMoment{};
}

TEST(OsvMoment, IsComparedToTheFractionOfASecond) {
  EXPECT_EQ(moment("2026-01-02T03:04:05Z"), moment("2026-01-02T03:04:05.000Z"));
  EXPECT_EQ(moment("2026-01-02T03:04:05.6Z"), moment("2026-01-02T04:04:05.600+01:00"));
  EXPECT_LT(moment("2026-01-02T03:04:05Z"), moment("2026-01-02T03:04:05.000001Z"));
  EXPECT_LT(moment("2026-01-02T03:04:05.59Z"), moment("2026-01-02T03:04:05.6Z"));
  EXPECT_LT(moment("2026-01-02T03:04:05.9Z"), moment("2026-01-02T03:04:06Z"));
  EXPECT_FALSE(parse_osv_moment("2026-01-02"));
}

TEST(OsvListing, HasEachRecordOnce) {
  const auto listed = parse_osv_listing("2026-01-02T03:04:05.6Z,DSA-1-1\r\n\n1970-01-01T00:00:01Z,RUSTSEC-2024-0001");
  ASSERT_TRUE(listed) << listed.error().text;
  EXPECT_THAT(*listed, ElementsAre(Pair("DSA-1-1", moment("2026-01-02T03:04:05.6Z")),
                                   Pair("RUSTSEC-2024-0001", OsvMoment{1, ""})));
  EXPECT_TRUE(parse_osv_listing("")->empty());
}

TEST(OsvListing, ThatLeadsElsewhereIsNone) {
  const auto error = [](const std::string& text) {
    const auto listed = parse_osv_listing(text);
    return listed ? "read" : listed.error().text;
  };
  EXPECT_EQ(error("<html>"), "1: want a time and an id");
  EXPECT_EQ(error("soon,CVE-1"), "1: not a time: \"soon\"; want one such as 2026-12-31T00:00:00Z");
  const std::string time = "2026-01-02T03:04:05Z,";
  EXPECT_EQ(error(time + "CVE-1\n" + time + "CVE-1\n"), "2: CVE-1 twice");
  const std::vector<std::string> none{"",      ".",       "../CVE-1", "CVE-1/x",
                                      "CVE 1", "CVE-1,x", "CVE-1?x",  std::string(101, 'x')};
  for (const std::string& id : none) { EXPECT_EQ(error(time + id), "1: an id that is none") << id; }
}

TEST(OsvStamp, IsWhatARecordIsCalledAndHowOldItIs) {
  const auto stamp = parse_osv_stamp(R"({"modified":"2026-01-02T03:04:05.6Z","id":"DSA-1-1","affected":[]})");
  ASSERT_TRUE(stamp) << stamp.error().text;
  EXPECT_EQ(*stamp, std::pair(std::string("DSA-1-1"), moment("2026-01-02T03:04:05.6Z")));
  for (const char* const other :
       {"", "[]", "7", "{}", R"({"id":"x"})", R"({"id":"x","modified":"soon"})", R"({"id":7})"}) {
    EXPECT_FALSE(parse_osv_stamp(other)) << other;
  }
}

}  // namespace
}  // namespace initscan
