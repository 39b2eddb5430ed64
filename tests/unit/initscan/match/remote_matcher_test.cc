#include "initscan/match/remote_matcher.h"

#include "common/crypto/sha256.h"
#include "tests/unit/initscan/match/matched_sbom.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

constexpr const char* kDocument = "the SBOM";

// Knows of one finding, from an old index.
class LocalIndex : public Matcher {
 public:
  Result<MatchResult> match(const Sbom& sbom, const FindingSink& sink, const DoubtSink&) const override {
    if (fails) return Error{Errc::malformed, "damaged"};
    sink(finding_of(sbom, 0, "CVE-LOCAL"));
    MatchResult result;
    result.checked = sbom.packages.size();
    return result;
  }
  std::string_view data_date() const override { return "2026-10-01T00:00:00Z"; }

  bool fails = false;
};

// A server that gives one answer, and what a matcher makes of it.
struct Asked {
  std::variant<std::string, Reason> said;
  std::optional<std::string> too_old{};
  const Matcher* instead = nullptr;
  std::string no_instead{};
  DoubtSink accepts{};

  std::vector<std::string> ids{};
  std::string data_date{};

  MatchResult run() {
    const RemoteMatcher matcher({[](const Sbom&) { return std::string(kDocument); },
                                 [this](std::string_view document) {
                                   EXPECT_EQ(document, kDocument);
                                   return said;
                                 },
                                 [this](const MatchResult&, const std::string&) { return too_old; }, instead,
                                 no_instead});
    EXPECT_EQ(matcher.data_date(), "");
    auto result = matcher.match(
        two_packages(), [this](Finding finding) { ids.push_back(finding.id); }, accepts);
    data_date = matcher.data_date();
    EXPECT_TRUE(result);
    return result ? *result : MatchResult{};
  }
};

std::string whole_answer() {
  const Sbom sbom = two_packages();
  MatchAnswer answer = answer_on(sbom);
  answer.sbom_sha256 = sha256_hex(kDocument);
  return write_match_answer(answer, sbom);
}

const Reason kDown{ReasonId::server_unreachable, "the server: no answer within 10.0 s"};

TEST(RemoteMatcher, HandsOverWhatTheServerSays) {
  Asked asked{whole_answer()};
  const MatchResult result = asked.run();
  EXPECT_EQ(asked.ids, (std::vector<std::string>{"CVE-1", "CVE-2"}));
  EXPECT_EQ(asked.data_date, "2026-11-27T00:00:00Z");
  EXPECT_EQ(result.checked, 2u);
  EXPECT_EQ(result.undecided, std::vector<std::string>{"zlib1g: CVE-3: its version cannot be compared"});
  EXPECT_TRUE(result.findings.empty());
  EXPECT_EQ(result.unavailable, std::nullopt);
}

TEST(RemoteMatcher, LetsThePolicyHereAcceptDoubts) {
  Asked asked{whole_answer()};
  asked.accepts = [](const Finding& finding, const std::string&) { return finding.id == "CVE-3"; };
  EXPECT_TRUE(asked.run().undecided.empty());
}

TEST(RemoteMatcher, WithoutAnAnswerKnowsNothing) {
  Asked asked{kDown};
  const MatchResult result = asked.run();
  EXPECT_EQ(result.checked, 0u);
  EXPECT_TRUE(asked.ids.empty());
  EXPECT_EQ(result.unavailable,
            (Reason{ReasonId::server_unreachable, "the server: no answer within 10.0 s (onUnavailable)"}));
  Asked nobody{kDown, {}, nullptr, "nor can the local index be asked: gone"};
  EXPECT_EQ(nobody.run().unavailable->sentence,
            "the server: no answer within 10.0 s; nor can the local index be asked: gone (onUnavailable)");
}

TEST(RemoteMatcher, UsesNothingOfAnAnswerThatMakesNoSense) {
  const Sbom sbom = two_packages();
  for (const std::string& said : {std::string("{}"), std::string("<html>"), write_match_answer(answer_on(sbom), sbom),
                                  whole_answer().substr(0, 500)}) {
    Asked asked{said};
    const MatchResult result = asked.run();
    EXPECT_TRUE(asked.ids.empty()) << said;
    ASSERT_TRUE(result.unavailable) << said;
    EXPECT_EQ(result.unavailable->id, ReasonId::server_answer) << said;
    EXPECT_EQ(result.checked, 0u);
  }
}

TEST(RemoteMatcher, AsksTheLocalIndexInItsPlace) {
  const LocalIndex local;
  for (Asked asked : {Asked{kDown}, Asked{std::string("{}")}, Asked{whole_answer(), "its newest is of May"}}) {
    asked.instead = &local;
    const MatchResult result = asked.run();
    EXPECT_EQ(asked.ids, std::vector<std::string>{"CVE-LOCAL"});
    EXPECT_EQ(asked.data_date, "2026-10-01T00:00:00Z");
    ASSERT_TRUE(result.unavailable);
    EXPECT_EQ(result.unavailable->id, ReasonId::server_replaced);
    EXPECT_TRUE(result.unavailable->sentence.starts_with("the local index was asked instead: the server"));
  }
}

TEST(RemoteMatcher, KeepsWhatAnOldIndexFound) {
  Asked asked{whole_answer(), "its newest is of May"};
  const MatchResult result = asked.run();
  EXPECT_EQ(asked.ids.size(), 2u);
  EXPECT_EQ(result.checked, 2u);
  EXPECT_EQ(result.unavailable,
            (Reason{ReasonId::server_stale, "the server's index is too old: its newest is of May (onUnavailable)"}));
}

TEST(RemoteMatcher, FailsWhereTheLocalIndexIsDamaged) {
  LocalIndex local;
  local.fails = true;
  const RemoteMatcher matcher({[](const Sbom&) { return std::string(); }, [](std::string_view) { return kDown; },
                               [](const MatchResult&, const std::string&) { return std::nullopt; }, &local, ""});
  EXPECT_FALSE(matcher.match(two_packages(), [](Finding) {}, {}));
}

}  // namespace
}  // namespace initscan
