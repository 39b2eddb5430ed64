#include "initscan/report/meanings.h"

#include "initscan/model/verdict.h"
#include "initscan/policy/evidence.h"
#include "initscan/policy/fields.h"
#include "initscan/policy/policy_file.h"

#include <algorithm>
#include <set>
#include <type_traits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::Contains;
using testing::IsEmpty;

bool is_kebab_case(std::string_view id) {
  return !id.empty() && id.front() != '-' && id.back() != '-' && id.find("--") == id.npos &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == id.npos;
}

TEST(Meanings, AreThereForEveryVerdictStatusAndReason) {
  for (const Outcome outcome : {Outcome::pass, Outcome::undecided, Outcome::fail}) {
    const Meaning* const meaning = meaning_of(to_string(outcome));
    ASSERT_NE(meaning, nullptr) << to_string(outcome);
    EXPECT_EQ(meaning->kind, MeaningKind::verdict);
  }
  for (const Status status : {Status::blocks, Status::below_threshold, Status::no_fix, Status::exempted}) {
    const Meaning* const meaning = meaning_of(to_string(status));
    ASSERT_NE(meaning, nullptr) << to_string(status);
    EXPECT_EQ(meaning->kind, MeaningKind::status);
  }
  for (std::size_t i = 0; i < kReasons; ++i) {
    const auto id = static_cast<ReasonId>(i);
    const Meaning* const meaning = meaning_of(to_string(id));
    ASSERT_NE(meaning, nullptr) << to_string(id);
    EXPECT_EQ(meaning->reason, id) << "two reasons have one id: " << to_string(id);
  }
  EXPECT_EQ(all_meanings().size(), 3 + 4 + kReasons);
}

TEST(Meanings, SayWhatItIsAndWhatToDo) {
  std::set<std::string_view> ids;
  for (const Meaning& meaning : all_meanings()) {
    EXPECT_TRUE(is_kebab_case(meaning.id)) << meaning.id;
    EXPECT_TRUE(ids.insert(meaning.id).second) << meaning.id << " is there twice";
    EXPECT_FALSE(meaning.title.empty() || meaning.title.ends_with('.')) << meaning.id;
    for (const std::string_view text : {meaning.meaning, meaning.action}) {
      EXPECT_TRUE(text.size() > 5 && text.ends_with('.')) << meaning.id << ": " << text;
      EXPECT_EQ(text.find("  "), text.npos) << meaning.id << ": " << text;
    }
  }
}

// A policy file that says one thing.
Policy policy_of(std::string_view key, std::string_view reaction) {
  const auto policy = parse_policy("apiVersion: initscan.io/v1alpha1\nkind: ScanPolicy\nmetadata: {name: p}\nspec: {" +
                                   std::string(key) + ": " + std::string(reaction) + "}\n");
  EXPECT_TRUE(policy) << key << ": " << policy.error().text;
  return policy ? *policy : Policy{};
}

// What the key says for its reason to be told and no more.
std::string_view mild_word(const Meaning& meaning) {
  if (meaning.key != "onUnavailable") return "warn";
  return meaning.reason == ReasonId::server_replaced ? "local" : "allow";
}

TEST(Meanings, NameThePolicysKeyThatDecides) {
  std::size_t decided = 0;
  for (const Meaning& meaning : all_meanings()) {
    if (!meaning.reason || !meaning.key.starts_with("on")) continue;
    ++decided;
    EXPECT_EQ(reaction_to(policy_of(meaning.key, mild_word(meaning)), *meaning.reason), Reaction::warn) << meaning.id;
    EXPECT_EQ(reaction_to(policy_of(meaning.key, "deny"), *meaning.reason), Reaction::deny) << meaning.id;
  }
  EXPECT_EQ(decided, 22u);
}

TEST(Meanings, WithoutAKeyAreNeverMild) {
  Policy mild;
  for_each_policy_field([&](const auto& field) {
    using Field = std::remove_cvref_t<decltype(field)>;
    if constexpr (std::is_same_v<Field, ReactionField>) mild.*field.member = Reaction::allow;
  });
  ASSERT_EQ(mild.on_unmatched, Reaction::allow);
  for (const Meaning& meaning : all_meanings()) {
    if (!meaning.reason || !meaning.key.empty()) continue;
    EXPECT_EQ(reaction_to(mild, *meaning.reason), Reaction::deny) << meaning.id;
  }
}

TEST(IdsNear, AreThoseThatSomebodyMayHaveMeant) {
  EXPECT_EQ(ids_near("nothing-fuond").front(), "nothing-found");
  EXPECT_EQ(ids_near("Nothing_Found").front(), "nothing-found");
  EXPECT_EQ(ids_near("block").front(), "blocks");
  EXPECT_EQ(ids_near("stale").front(), "stale-data");
  EXPECT_THAT(ids_near("seal"), testing::UnorderedElementsAre("seal-missing", "seal-wrong"));
  EXPECT_THAT(ids_near("onStaleData"), testing::UnorderedElementsAre("stale-data", "undated-data", "stale-overlay"));
  EXPECT_THAT(ids_near("onNoData"), Contains("not-compared"));
  for (const char* const word : {"", "x", "-", "qqqqqqqq"}) EXPECT_THAT(ids_near(word), IsEmpty()) << word;
  EXPECT_THAT(ids_near(std::string(1 << 20, 'a')), IsEmpty());
}

}  // namespace
}  // namespace initscan
