#include "initscan/fetch/fetch_line.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

using Kind = FetchLine::Kind;

TEST(FetchLine, IsReadAsItWasWritten) {
  for (const FetchLine& line : {FetchLine{Kind::progress, "osv-Debian.zip", 12, 345, ""},
                                FetchLine{Kind::fetched, "a", 0, 0, ""}, FetchLine{Kind::unchanged, "a_b-1", 0, 0, ""},
                                FetchLine{Kind::failed, "a.zip", 0, 0, "https://h/a.zip: HTTP 404"}}) {
    EXPECT_EQ(read_line(write_line(line)), line) << write_line(line);
  }
}

TEST(FetchLine, IsNoneOfAnythingElse) {
  for (const char* text : {"", "fetched", "fetched ", "stolen a", "fetched ../a", "fetched .a", "fetched a/b",
                           "progress a", "progress a 1", "progress a 1 x", "progress a -1 2"}) {
    EXPECT_FALSE(read_line(text)) << text;
  }
  EXPECT_FALSE(read_line("fetched " + std::string(200, 'a')));
}

}  // namespace
}  // namespace initscan
