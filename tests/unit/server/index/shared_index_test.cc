#include "server/index/shared_index.h"

#include "common/crypto/sha256.h"
#include "common/time/rfc3339.h"
#include "initscan/advisory/index/index_builder.h"
#include "initscan/advisory/overlay/overlay_builder.h"
#include "tests/unit/temporary_folder.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace initscan::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// What an index is made of.
struct Made {
  int records = 20;
  std::string date = "2026-01-01T00:00:00Z";
  std::string ecosystem = "Debian:12";
};

class SharedIndexTest : public testing::Test {
 protected:
  std::string path() const { return (folder_.path() / "index.db").string(); }

  std::string bytes(const Made& made) {
    const fs::path feed = folder_.path() / ("feed" + std::to_string(++feeds_));
    fs::create_directory(feed);
    for (int i = 0; i < made.records; ++i) {
      const std::string id = "CVE-2026-" + std::to_string(1000 + i);
      std::ofstream(feed / (id + ".json"))
          << R"({"id":")" << id << R"(","modified":")" << made.date << R"(","affected":[{"package":{"ecosystem":")"
          << made.ecosystem
          << R"(","name":"openssl"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"3"}]}]}]})";
    }
    IndexBuilder builder;
    const auto added = builder.add(feed_formats().front(), feed.string());
    EXPECT_TRUE(added) << added.error().text;
    auto built = builder.build();
    EXPECT_TRUE(built) << built.error().text;
    return built ? *built : std::string();
  }

  // As those who replace an index do.
  void put(const std::string& content) {
    const fs::path part = folder_.path() / "part";
    std::ofstream(part, std::ios::binary) << content;
    fs::rename(part, path());
  }

  static std::string refusal_of(SharedIndex& index) {
    const auto looked = index.look();
    return looked ? "taken" : looked.error().text;
  }

  TemporaryFolder folder_;
  int feeds_ = 0;
};

TEST_F(SharedIndexTest, IsTakenUpOnceAndAgainWhenItIsReplaced) {
  SharedIndex index(path());
  const std::string first = bytes({});
  put(first);
  EXPECT_EQ(*index.look(), SharedIndex::Change::taken);
  EXPECT_EQ(*index.look(), SharedIndex::Change::none);
  const auto held = index.current();
  ASSERT_TRUE(held);
  EXPECT_EQ(held->sha256(), sha256_hex(first));
  EXPECT_EQ(held->bytes(), first);
  EXPECT_EQ(held->date(), *parse_rfc3339("2026-01-01T00:00:00Z"));

  put(first);
  EXPECT_EQ(*index.look(), SharedIndex::Change::none) << "the same under another name";
  put(bytes({21, "2026-02-01T00:00:00Z"}));
  EXPECT_EQ(*index.look(), SharedIndex::Change::taken);
  EXPECT_NE(index.current(), held);
  EXPECT_EQ(held->bytes(), first) << "who began with it keeps it";
  EXPECT_EQ(index.refusals(), 0U);
}

TEST_F(SharedIndexTest, AWorseOneIsRefusedOnceAndTheOneBeforeStays) {
  SharedIndex index(path());
  put(bytes({20, "2026-02-01T00:00:00Z"}));
  ASSERT_TRUE(index.look());
  const auto held = index.current();

  put(bytes({20, "2026-01-31T23:59:59Z"}));
  EXPECT_EQ(refusal_of(index), path() +
                                   ": older than the index in use: 2026-01-31T23:59:59Z, and that one is of "
                                   "2026-02-01T00:00:00Z");
  EXPECT_EQ(*index.look(), SharedIndex::Change::none) << "told once";
  put(bytes({17, "2026-03-01T00:00:00Z"}));
  EXPECT_EQ(refusal_of(index), path() + ": emptier than the index in use: 17 statements, and that one has 20");
  put(bytes({20, "2026-03-01T00:00:00Z", "Debian:13"}));
  EXPECT_EQ(refusal_of(index), path() + ": emptier than the index in use: nothing of Debian:12");
  EXPECT_EQ(index.refusals(), 3U);
  EXPECT_EQ(index.current(), held);

  put(bytes({18, "2026-02-01T00:00:00Z"}));
  EXPECT_EQ(*index.look(), SharedIndex::Change::taken) << "some advisories are withdrawn";
}

// The overlay beside the index, of CISA's catalogue alone or with a score.
class SharedIndexWithOverlay : public SharedIndexTest {
 protected:
  std::string overlay(const std::string& newest, bool has_scores = false) {
    std::ofstream(folder_.path() / "kev.csv") << "cveID,dateAdded\nCVE-2026-1000," << newest << '\n';
    std::ofstream(folder_.path() / "epss.csv")
        << "#score_date:2026-01-01T00:00:00Z\ncve,epss,percentile\nCVE-2026-1,1,1\n";
    OverlayBuilder builder;
    EXPECT_TRUE(builder.add(overlay_formats().at(0), (folder_.path() / "kev.csv").string()));
    const bool is_added = !has_scores || builder.add(overlay_formats().at(1), (folder_.path() / "epss.csv").string());
    EXPECT_TRUE(is_added);
    return *builder.build();
  }
  std::string place() const { return path() + ".overlay"; }
  void put_overlay(const std::string& content) {
    std::ofstream(folder_.path() / "part", std::ios::binary) << content;
    fs::rename(folder_.path() / "part", place());
  }
  static std::string known_since(const SharedIndex& index) {
    const auto now = index.current();
    return now && now->overlay() != nullptr ? now->overlay()->exploitation("CVE-2026-1000")->known_since : "no overlay";
  }
};

TEST_F(SharedIndexWithOverlay, IsTakenUpWithItAndAgainWhenEitherIsReplaced) {
  SharedIndex index(path());
  put(bytes({}));
  ASSERT_TRUE(index.look());
  EXPECT_EQ(known_since(index), "no overlay");
  const auto without = index.current();
  put_overlay(overlay("2026-01-02"));
  EXPECT_EQ(*index.look(), SharedIndex::Change::taken);
  EXPECT_EQ(known_since(index), "2026-01-02");
  EXPECT_NE(index.current()->identity(), without->identity()) << "what was answered before is not answered again";
  EXPECT_EQ(index.current()->sha256(), without->sha256());
  put_overlay(overlay("2026-01-03", true));
  EXPECT_EQ(*index.look(), SharedIndex::Change::taken);
  put(bytes({21, "2026-02-01T00:00:00Z"}));
  EXPECT_EQ(*index.look(), SharedIndex::Change::taken);
  EXPECT_EQ(known_since(index), "2026-01-03");
}

TEST_F(SharedIndexWithOverlay, GoesOnWithWhatItHadWhereTheNextIsWorse) {
  SharedIndex index(path());
  put(bytes({}));
  put_overlay(overlay("2026-01-02", true));
  ASSERT_TRUE(index.look());
  put_overlay(overlay("2026-01-01", true));
  EXPECT_THAT(refusal_of(index),
              HasSubstr("the overlay: its kev is of 2026-01-01T00:00:00Z, older than that of the one in use"));
  put_overlay(overlay("2100-01-01", true));
  EXPECT_THAT(refusal_of(index), HasSubstr("the overlay: its kev is of 2100-01-01T00:00:00Z, which is in the future"));
  put_overlay(overlay("2026-01-03"));
  EXPECT_THAT(refusal_of(index), HasSubstr("the overlay: it lacks epss, which the one in use has"));
  put_overlay("rubbish");
  EXPECT_EQ(refusal_of(index), place() + ": not an overlay; make one with initscan db overlay");
  put_overlay("");
  EXPECT_EQ(refusal_of(index), place() + ": not an overlay; make one with initscan db overlay");
  fs::remove(place());
  EXPECT_THAT(refusal_of(index), HasSubstr("without an overlay, and the index in use has one"));
  EXPECT_EQ(index.refusals(), 6U);
  EXPECT_EQ(known_since(index), "2026-01-02");
}

TEST_F(SharedIndexWithOverlay, ADateOfTheFutureKeepsNoOtherOut) {
  SharedIndex index(path());
  put(bytes({}));
  put_overlay(overlay("2100-01-01"));
  ASSERT_TRUE(index.look());
  put_overlay(overlay("2026-01-03"));
  EXPECT_EQ(*index.look(), SharedIndex::Change::taken);
}

TEST_F(SharedIndexTest, WhatIsNoIndexIsRefused) {
  SharedIndex index(path());
  EXPECT_THAT(refusal_of(index), HasSubstr("cannot open"));
  const std::string good = bytes({});
  for (const std::size_t place : {std::size_t{3}, std::size_t{30}, good.size() / 2, good.size() - 5}) {
    std::string damaged = good;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x55);
    put(damaged);
    EXPECT_NE(refusal_of(index), "taken") << place;
  }
  put(good.substr(0, good.size() - 1));
  EXPECT_THAT(refusal_of(index), HasSubstr("damaged"));
  fs::remove(path());
  fs::create_directory(path());
  EXPECT_THAT(refusal_of(index), HasSubstr("not an advisory index"));
  EXPECT_FALSE(index.current());
}

TEST_F(SharedIndexTest, SaysWhyItDoesNotServe) {
  const auto now = *parse_rfc3339("2026-02-02T00:00:00Z");
  SharedIndex index(path());
  EXPECT_EQ(index.shortcoming(now, std::nullopt),
            "there is no index of advisories yet that can be read; the log says why");
  put(bytes({20, "2026-02-01T00:00:00Z"}));
  ASSERT_TRUE(index.look());
  EXPECT_EQ(index.shortcoming(now, std::nullopt), "");
  EXPECT_EQ(index.shortcoming(now, std::chrono::hours(24)), "");
  EXPECT_EQ(index.shortcoming(now, std::chrono::hours(23)), "the index of advisories is too old: 2026-02-01T00:00:00Z");
}

TEST_F(SharedIndexTest, ADateOfTheFutureNeitherMakesItYoungNorKeepsOthersOut) {
  SharedIndex index(path());
  put(bytes({20, "2999-01-01T00:00:00Z"}));
  ASSERT_TRUE(index.look());
  EXPECT_EQ(index.current()->date(), std::nullopt);
  EXPECT_EQ(index.shortcoming(*parse_rfc3339("2026-02-02T00:00:00Z"), std::chrono::hours(24)),
            "the index of advisories is dated in the future, 2999-01-01T00:00:00Z: nobody can tell how old it is");
  put(bytes({20, "2026-02-01T00:00:00Z"}));
  ASSERT_TRUE(index.look());
  put(bytes({21, "2999-01-01T00:00:00Z"}));
  EXPECT_EQ(refusal_of(index),
            path() + ": older than the index in use: no date, and that one is of 2026-02-01T00:00:00Z");
}

TEST_F(SharedIndexTest, IsReadByOthersWhileItIsReplaced) {
  SharedIndex index(path());
  put(bytes({}));
  ASSERT_TRUE(index.look());
  std::atomic<bool> is_over = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!is_over) {
        const auto held = index.current();
        std::size_t rows = 0;
        const auto read = held->advisories().for_each("Debian:12", "openssl", [&](const AffectedRow&) { ++rows; });
        if (!read || rows < 20) ++wrong;
      }
    });
  }
  for (int i = 1; i < 10; ++i) {
    put(bytes({20 + i, "2026-01-0" + std::to_string(i) + "T00:00:00Z"}));
    EXPECT_TRUE(index.look());
  }
  is_over = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace initscan::server
