#include "initscan/advisory/overlay/overlay.h"

#include "initscan/advisory/index/index_sum.h"
#include "initscan/advisory/overlay/overlay_builder.h"
#include "initscan/advisory/overlay/overlay_successor.h"
#include "tests/unit/temporary_folder.h"

#include <cstring>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class OverlayTest : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const std::string path = (folder_.path() / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  static const OverlayFormat& format(std::string_view kind) {
    for (const OverlayFormat& format : overlay_formats()) {
      if (format.kind == kind) return format;
    }
    std::abort();
  }

  // Of the first `scores` numbers of a year the even ones, and of what is known to be exploited.
  std::string epss(int scores) {
    std::string text = "#model_version:v1,score_date:2026-01-02T00:00:00Z\ncve,epss,percentile\n";
    for (int i = 0; i < scores; ++i) {
      text += "CVE-2024-" + std::to_string(1000 + 2 * i) + ",0." + std::to_string(10000 + i) + ",0.5\n";
    }
    return file("epss.csv", text);
  }
  std::string kev() {
    return file("kev.csv", "cveID,dateAdded\nCVE-2024-1002,2025-01-02\nCVE-2021-44228,2021-12-10\n");
  }
  std::string ends() {
    return file("eol.json", R"({"result":[{"name":"debian","releases":[{"name":"12","eolFrom":"2026-01-01"}]},
                                {"name":"fedora","releases":[{"name":"43","eolFrom":"2026-12-02"}]}]})");
  }

  std::string built(int scores = 1000) {
    OverlayBuilder builder;
    for (const auto& [kind, path] : {std::pair(kEpss, epss(scores)), {kKnownExploited, kev()}, {kEndOfLife, ends()}}) {
      const auto added = builder.add(format(kind), path);
      EXPECT_TRUE(added) << added.error().text;
    }
    const auto bytes = builder.build();
    EXPECT_TRUE(bytes);
    return bytes ? *bytes : "";
  }

  TemporaryFolder folder_;
};

TEST_F(OverlayTest, AnswersWhatItWasMadeOf) {
  const std::string bytes = built();
  const auto overlay = Overlay::over(bytes);
  ASSERT_TRUE(overlay) << overlay.error().text;
  EXPECT_THAT(overlay->dates(), ElementsAre(Pair("end-of-life", ""), Pair("epss", "2026-01-02T00:00:00Z"),
                                            Pair("kev", "2025-01-02T00:00:00Z")));
  EXPECT_EQ(overlay->sources().at(1).model, "v1");
  EXPECT_EQ(overlay->sources().at(1).records, 1000u);
  EXPECT_EQ(*overlay->exploitation("CVE-2021-44228"), (Exploitation{"2021-12-10", -1, -1}));
  EXPECT_EQ(*overlay->exploitation("CVE-2024-1002"), (Exploitation{"2025-01-02", 0.10001, 0.5}));
  for (int i = 0; i < 1000; ++i) {
    const std::string id = "CVE-2024-" + std::to_string(1000 + 2 * i);
    EXPECT_EQ(overlay->exploitation(id)->epss, (10000 + i) / 100000.0) << id;
    EXPECT_EQ(*overlay->exploitation("CVE-2024-" + std::to_string(1001 + 2 * i)), Exploitation{}) << i;
  }
  for (const char* const other : {"CVE-1999-0001", "CVE-2026-1", "DSA-1-1", ""}) {
    EXPECT_EQ(*overlay->exploitation(other), Exploitation{}) << other;
  }
  EXPECT_EQ(overlay->support_end("debian", "12"), "2026-01-01");
  EXPECT_EQ(overlay->support_end("fedora", "43"), "2026-12-02");
  EXPECT_EQ(overlay->support_end("debian", "1"), std::nullopt);
  EXPECT_EQ(overlay->support_end("debian", ""), std::nullopt);
  EXPECT_EQ(overlay->support_end("ubuntu", "12"), std::nullopt);
}

TEST_F(OverlayTest, IsTheSameWhateverTheOrderOfItsSources) {
  OverlayBuilder builder;
  for (const auto& [kind, path] : {std::pair(kEndOfLife, ends()), {kKnownExploited, kev()}, {kEpss, epss(1000)}}) {
    ASSERT_TRUE(builder.add(format(kind), path));
  }
  EXPECT_EQ(*builder.build(), built());
}

TEST_F(OverlayTest, IsReadFromAFileBlockByBlock) {
  const std::string path = file("overlay", built());
  const auto overlay = Overlay::open(path);
  ASSERT_TRUE(overlay) << overlay.error().text;
  EXPECT_TRUE(is_overlay(path));
  EXPECT_FALSE(is_overlay(kev()));
  EXPECT_EQ(overlay->exploitation("CVE-2021-44228")->known_since, "2021-12-10");
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_EQ(overlay->exploitation("CVE-2024-1002")->known_since, "2025-01-02") << "that block is here";
  const auto beyond = overlay->exploitation("CVE-2024-2998");
  ASSERT_FALSE(beyond);
  EXPECT_THAT(beyond.error().text, HasSubstr("damaged: it ends too early"));
}

TEST_F(OverlayTest, ThatIsDamagedAnywhereIsNeverAnother) {
  const std::string bytes = built(300);
  ASSERT_TRUE(Overlay::over(bytes)->verify());
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    std::string damaged = bytes;
    damaged[place] = static_cast<char>(damaged[place] ^ 1);
    const auto overlay = Overlay::over(damaged);
    if (!overlay) continue;
    EXPECT_FALSE(overlay->verify()) << place;
    const auto found = overlay->exploitation("CVE-2024-1002");
    if (found) { EXPECT_EQ(*found, (Exploitation{"2025-01-02", 0.10001, 0.5})) << place; }
  }
  for (std::size_t size = 0; size < bytes.size(); size += 7) EXPECT_FALSE(Overlay::over(bytes.substr(0, size))) << size;
  EXPECT_FALSE(Overlay::over(bytes + 'x'));
}

TEST_F(OverlayTest, OfAnotherFormatIsSaidToBeOne) {
  std::string bytes = built(1);
  bytes[8] = 7;
  const auto other = Overlay::over(bytes);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::unsupported);
  EXPECT_THAT(other.error().text, HasSubstr("an overlay of format 7, but this program reads format 1"));
  const auto none = Overlay::open(kev());
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().text, HasSubstr("kev.csv: not an overlay; make one with initscan db overlay"));
  const auto missing = Overlay::open((folder_.path() / "missing").string());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::not_found);
}

// Whoever seals a damaged order anew would let vulnerabilities disappear.
TEST_F(OverlayTest, RecordsOutOfOrderAreDamage) {
  std::string bytes = built(1);
  OverlayHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  ASSERT_EQ(header.vulnerabilities, 3u);
  const std::size_t records = bytes.size() - kOverlayDigestBytes - 3 * sizeof(ExploitationRecord);
  std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(records + 16),
                   bytes.begin() + static_cast<std::ptrdiff_t>(records + 32),
                   bytes.begin() + static_cast<std::ptrdiff_t>(records + 32));
  ExploitationBlock block;
  std::memcpy(&block, bytes.data() + records - sizeof block, sizeof block);
  block.sum = index_sum({bytes.data() + records, 3 * sizeof(ExploitationRecord)});
  std::memcpy(bytes.data() + records - sizeof block, &block, sizeof block);
  header.contents_sum = index_sum({bytes.data() + sizeof header, records - sizeof header});
  header.header_sum = index_sum({reinterpret_cast<const char*>(&header), offsetof(OverlayHeader, header_sum)});
  std::memcpy(bytes.data(), &header, sizeof header);
  const auto overlay = Overlay::over(bytes);
  ASSERT_TRUE(overlay) << overlay.error().text;
  const auto found = overlay->exploitation("CVE-2021-44228");
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().text, HasSubstr("damaged: vulnerabilities from block 0 on"));
}

TEST_F(OverlayTest, TakesOneSourceOfEachKindWithSomethingInIt) {
  OverlayBuilder builder;
  ASSERT_TRUE(builder.add(format(kKnownExploited), kev()));
  const auto twice = builder.add(format(kKnownExploited), kev());
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, Errc::usage);
  const auto empty = builder.add(format(kEpss), file("empty.csv", "cve,epss,percentile\n"));
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().text, HasSubstr("empty.csv: nothing of kind epss is in it; want *.csv"));
}

TEST_F(OverlayTest, KnowsACveHoweverItIsWritten) {
  OverlayBuilder builder;
  ASSERT_TRUE(builder.add(format(kKnownExploited), file("odd.csv", "cveID,dateAdded\n cve-2024-7 ,2025-01-02\n")));
  const std::string bytes = *builder.build();
  EXPECT_EQ(Overlay::over(bytes)->exploitation("CVE-2024-7")->known_since, "2025-01-02");
}

// A source that is cut off at the end of a line, or a list that somebody shortened, is well-formed.
TEST_F(OverlayTest, WhatHasLostMostIsNoSuccessor) {
  const std::string all = built(20);
  const std::string half = built(10);
  const std::string most_gone = built(9);
  const std::chrono::sys_seconds latest = std::chrono::sys_days(std::chrono::year(2026) / 11 / 28);
  const auto why = [&](const std::string& next) {
    return why_no_successor(*Overlay::over(all), *Overlay::over(next), latest);
  };
  EXPECT_EQ(why(all), "");
  EXPECT_EQ(why(half), "");
  EXPECT_EQ(why(most_gone), "its epss has 9 records, less than half of the 20 of the one in use");
}

TEST_F(OverlayTest, DatesWhatGivesNone) {
  OverlayBuilder builder;
  builder.set_date_of_undated("2026-03-01T00:00:00Z");
  ASSERT_TRUE(builder.add(format(kEndOfLife), ends()));
  ASSERT_TRUE(builder.add(format(kKnownExploited), kev()));
  const std::string bytes = *builder.build();
  EXPECT_THAT(Overlay::over(bytes)->dates(),
              ElementsAre(Pair("end-of-life", "2026-03-01T00:00:00Z"), Pair("kev", "2025-01-02T00:00:00Z")));
}

}  // namespace
}  // namespace initscan
