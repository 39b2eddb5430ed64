#include "server/store/audits.h"

#include "common/crypto/sha256.h"
#include "server/store/packed.h"
#include "tests/unit/server/store/each_store.h"

namespace initscan::server {
namespace {

using std::chrono::hours;
using std::chrono::sys_seconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr sys_seconds kNow{std::chrono::seconds(1'800'000'000)};

class Audits : public EachStore {
 protected:
  KeptAudit add(const std::string& cluster, const std::string& text, sys_seconds at = kNow) {
    const AuditRow row{0, cluster, at - hours(1), at, "nightly", "{}", sha256_hex(text), text.size()};
    KeptAudit kept;
    const auto done = store_->write([&](Database& database) -> Result<void> {
      auto added = add_audit(database, row, *pack(text));
      if (!added) return added.error();
      kept = *added;
      return {};
    });
    EXPECT_TRUE(done) << done.error().text;
    return kept;
  }

  std::vector<std::string> hashes(const std::string& cluster, std::int64_t before = 0, std::size_t most = 10) {
    const auto rows = store_->read([&](Database& db) { return audits(db, cluster, before, most); });
    EXPECT_TRUE(rows) << rows.error().text;
    std::vector<std::string> all;
    for (const AuditRow& row : *rows) all.push_back(row.sha256);
    return all;
  }

  std::optional<std::string> document(const std::string& cluster, std::int64_t id) {
    const auto found = store_->read([&](Database& db) { return audit_document(db, cluster, id); });
    EXPECT_TRUE(found) << found.error().text;
    return *found ? std::optional((*found)->text) : std::nullopt;
  }
};

INSTANTIATE_TEST_SUITE_P(In, Audits, kEachStore, name_of);

TEST_P(Audits, ComeBackAsTheyWereTheNewestFirst) {
  const KeptAudit first = add("one", "a");
  const KeptAudit second = add("one", "b");
  EXPECT_TRUE(first.is_new && second.is_new);
  EXPECT_THAT(hashes("one"), ElementsAre(sha256_hex("b"), sha256_hex("a")));
  EXPECT_THAT(hashes("one", second.id), ElementsAre(sha256_hex("a")));
  EXPECT_THAT(hashes("one", 0, 1), ElementsAre(sha256_hex("b")));
  EXPECT_EQ(document("one", first.id), "a");
  EXPECT_EQ(document("one", 0), "b");
  EXPECT_EQ(document("one", second.id + 1), std::nullopt);
}

TEST_P(Audits, TheSameTwiceIsOne) {
  const KeptAudit first = add("one", "a");
  add("one", "b");
  const KeptAudit again = add("one", "a");
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(again.id, first.id);
  EXPECT_TRUE(add("two", "a").is_new) << "of another cluster";
}

TEST_P(Audits, OfAnotherClusterAreNotSeen) {
  const KeptAudit other = add("two", "a");
  EXPECT_THAT(hashes("one"), IsEmpty());
  EXPECT_EQ(document("one", other.id), std::nullopt);
  EXPECT_EQ(document("one", 0), std::nullopt);
  const auto figures = store_->read([](Database& db) { return audit_figures(db, "one"); });
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->audits, 1);
  EXPECT_EQ(figures->newest, std::nullopt);
}

TEST_P(Audits, TheLastOneSaysWhenItWasMade) {
  add("one", "a", kNow - hours(48));
  add("one", "b");
  const auto figures = store_->read([](Database& db) { return audit_figures(db, "one"); });
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->newest, kNow - hours(1));
}

TEST_P(Audits, WhatIsTooOldOrTooManyGoes) {
  add("one", "old", kNow - hours(25));
  for (const char* text : {"a", "b", "c"}) add("one", text);
  add("two", "d");
  EXPECT_EQ(*remove_old_audits(*store_, {hours(24), 2}, kNow), 2);
  EXPECT_THAT(hashes("one"), ElementsAre(sha256_hex("c"), sha256_hex("b")));
  EXPECT_THAT(hashes("two"), ElementsAre(sha256_hex("d")));
}

TEST_P(Audits, OneThatIsNotWhatItsDigestSaysIsAnError) {
  const auto done = store_->write([](Database& database) -> Result<void> {
    const auto added = add_audit(database, {0, "one", kNow, kNow, "n", "{}", sha256_hex("a"), 1}, *pack("b"));
    return added ? Result<void>() : Result<void>(added.error());
  });
  ASSERT_TRUE(done);
  const auto found = store_->read([](Database& db) { return audit_document(db, "one", 0); });
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::malformed);
}

}  // namespace
}  // namespace initscan::server
