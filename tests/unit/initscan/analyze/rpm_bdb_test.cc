#include "tests/unit/initscan/analyze/rpm_fixtures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t kPage = 512;
constexpr std::size_t kRoom = kPage - 26;  // of an overflow page

// A hash of Berkeley DB in either order: page 1 has the items, the others what is too large for it.
class MadeHash {
 public:
  explicit MadeHash(bool is_big) : is_big_(is_big) {}

  std::string number(std::uint64_t value, std::size_t bytes = 4) const {
    return is_big_ ? big(value, bytes) : little(value, bytes);
  }

  std::string page(std::uint32_t own, std::uint32_t next, std::uint16_t entries, std::uint16_t used, char type,
                   const std::string& body) const {
    std::string bytes = std::string(8, '\0') + number(own) + number(0) + number(next) + number(entries, 2) +
                        number(used, 2) + '\0' + type + body;
    bytes.resize(kPage, '\0');
    return bytes;
  }

  // Pairs of a number and its value; values longer than 100 bytes go to pages of their own.
  std::string file(const std::vector<std::pair<std::uint32_t, std::string>>& pairs) const {
    std::string items;  // the last first
    std::string offsets, chains;
    std::uint32_t next_page = 2;
    const auto put = [&](const std::string& item) {
      items = item + items;
      offsets += number(kPage - items.size(), 2);
    };
    for (const auto& [key, value] : pairs) {
      put('\1' + number(key));
      if (value.size() <= 100) {
        put('\1' + value);
        continue;
      }
      put('\3' + std::string(3, '\0') + number(next_page) + number(value.size()));
      for (std::size_t at = 0; at < value.size(); at += kRoom) {
        const std::string part = value.substr(at, kRoom);
        const bool is_last = at + kRoom >= value.size();
        chains += page(next_page, is_last ? 0 : next_page + 1, 1, static_cast<std::uint16_t>(part.size()), 7, part);
        ++next_page;
      }
    }
    std::string hash = page(1, 0, static_cast<std::uint16_t>(2 * pairs.size()), 0, 13, offsets);
    hash.replace(kPage - items.size(), items.size(), items);
    std::string meta = std::string(8, '\0') + number(0) + number(0x061561) + number(9) + number(kPage) +
                       std::string(1, '\0') + '\10' + std::string(2, '\0') + number(0) + number(next_page - 1);
    meta.resize(kPage, '\0');
    return meta + hash + chains;
  }

 private:
  bool is_big_;
};

ReadBack read(const std::string& bytes) {
  return read_back([&](const HeaderSink& sink) { return read_rpm_bdb(TextView(bytes), sink); });
}

const MadeHash kLittle(false);
const std::string kLong(1200, 'x');  // pages 2 to 4
const std::string kSound = kLittle.file({{0, "\x7"}, {1, "first"}, {7, kLong}});

TEST(RpmBdb, GivesEachValueButTheLastNumberInEitherOrder) {
  for (const bool is_big : {false, true}) {
    const ReadBack got = read(MadeHash(is_big).file({{0, "\x7"}, {1, "first"}, {7, kLong}, {3, kLong + 'y'}}));
    EXPECT_EQ(got.error, "");
    EXPECT_THAT(got.headers, ElementsAre(std::pair(1U, "first"), std::pair(7U, kLong), std::pair(3U, kLong + 'y')));
  }
  EXPECT_THAT(read(kLittle.file({})).headers, IsEmpty());
}

TEST(RpmBdb, AnotherTypeOfPageIsPassedOver) {
  EXPECT_THAT(read(with(kSound, kPage + 25, std::string(1, '\0'))).headers, IsEmpty()) << "a page that was freed";
  EXPECT_THAT(read(with(kSound, kPage + 25, "\x2")).headers, testing::SizeIs(2)) << "an unsorted one";
}

struct Bad {
  const char* name;
  std::string bytes;
  std::string error;
};

class BadBdb : public testing::TestWithParam<Bad> {};

TEST_P(BadBdb, IsRefused) {
  EXPECT_EQ(read(GetParam().bytes).error, GetParam().error);
}

const std::size_t kOffsets = kPage + 26;
// Of page 1 the items are 5, 2, 5, 6, 5 and 12 bytes long; the last begins at byte 512 - 35.
const std::size_t kOffPage = 2 * kPage - 35;

INSTANTIATE_TEST_SUITE_P(
    Table, BadBdb,
    testing::Values(
        Bad{"Nothing", "", "cut short: ends at byte 0, in a piece that goes on to byte 72"},
        Bad{"AnotherFile", std::string(600, 'x'), "is not a database of Berkeley DB"},
        Bad{"ABtree", with(kSound, 12, little(0x053162)), "is a b-tree of Berkeley DB, which rpm has no packages in"},
        Bad{"AnOldVersion", with(kSound, 16, little(7)), "is a hash of version 7; 8 to 10 are known"},
        Bad{"Encrypted", with(kSound, 24, "\1"), "is encrypted"},
        Bad{"WithChecksums", with(kSound, 26, "\1"), "has checksums or parts in other files"},
        Bad{"OddPages", with(kSound, 20, little(513)), "says that its pages have 513 bytes"},
        Bad{"NoPages", with(kSound, 20, little(0)), "says that its pages have 0 bytes"},
        Bad{"CutShort", kSound.substr(0, kSound.size() - 1),
            "cut short: has 4 pages, and says that page 4 is its last"},
        Bad{"ALastPageThatLies", with(kSound, 32, little(0xffffffff)),
            "cut short: has 5 pages, and says that page 4294967295 is its last"},
        Bad{"APageInAnothersPlace", with(kSound, kPage + 8, little(2)), "page 1 calls itself 2"},
        Bad{"AnOddCountOfItems", with(kSound, kPage + 20, little(5, 2)), "page 1: says that it has 5 items"},
        Bad{"MoreItemsThanFit", with(kSound, kPage + 20, little(65534, 2)), "page 1: says that it has 65534 items"},
        Bad{"AnItemInTheHead", with(kSound, kOffsets, little(10, 2)), "page 1: item 0 is not in the page"},
        Bad{"AnItemBehindThePage", with(kSound, kOffsets, little(600, 2)), "page 1: item 0 is not in the page"},
        Bad{"ItemsInEachOther", with(kSound, kOffsets + 2, little(508, 2)), "page 1: item 1 is not in the page"},
        Bad{"AKeyOfAnotherKind", with(kSound, 2 * kPage - 5, "\3"), "page 1: a key that is no number"},
        Bad{"AValueOfAnotherKind", with(kSound, kOffPage, "\2"),
            "page 1: package 7 has a value of a kind that rpm does not write"},
        Bad{"AChainOutside", with(kSound, kOffPage + 4, little(9)), "page 1: package 7: page 9 is behind the last, 4"},
        Bad{"AHugeHeader", with(kSound, kOffPage + 8, little(0xffffffff)),
            "page 1: package 7: larger than the limit of 33554432 bytes"},
        Bad{"ALengthThatLies", with(kSound, kOffPage + 8, little(1201)),
            "page 1: package 7: page 0 does not go on with its header"},
        Bad{"ALoop", with(with(kSound, kOffPage + 8, little(9999)), 4 * kPage + 16, little(2)),
            "page 1: package 7: page 2 is used twice"},
        Bad{"AnEmptyPageOfAChain", with(kSound, 2 * kPage + 22, little(0, 2)),
            "page 1: package 7: page 2 does not go on with its header"},
        Bad{"APageOfAnotherType", with(kSound, 2 * kPage + 25, "\xd"),
            "page 1: package 7: page 2 does not go on with its header"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan
