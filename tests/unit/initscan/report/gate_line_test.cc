#include "initscan/report/gate_line.h"

#include "common/crypto/sha256.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

constexpr std::chrono::milliseconds kTook{37};
const std::string kHash(64, 'a');

ImageVerdict image(Outcome outcome, std::string hash = kHash) {
  ImageVerdict one;
  one.outcome = outcome;
  one.counts.add(Severity::critical, true);
  one.counts.add(Severity::critical, false);
  one.counts.add(Severity::unknown, false);
  one.sbom_sha256 = std::move(hash);
  return one;
}

Verdict verdict_of(std::vector<ImageVerdict> images, Outcome outcome) {
  Verdict verdict;
  verdict.outcome = outcome;
  verdict.images = std::move(images);
  verdict.data_date = "2026-11-27T01:00:00+01:00";
  return verdict;
}

std::string written(const Verdict& verdict) {
  return write_gate_line(gate_line_of(verdict, kTook));
}

TEST(GateLine, SaysWhatAProgramNeeds) {
  EXPECT_EQ(written(verdict_of({image(Outcome::fail)}, Outcome::fail)),
            "initscan/1 verdict=fail critical=2/1 high=0/0 medium=0/0 low=0/0 negligible=0/0 unknown=1/0 "
            "index=2026-11-27T00:00:00Z sbom=sha256:" +
                kHash + " ms=37\n");
}

TEST(GateLine, AddsUpTheImages) {
  const std::string line = written(verdict_of({image(Outcome::fail), image(Outcome::pass, kHash)}, Outcome::fail));
  EXPECT_NE(line.find(" critical=4/2 "), line.npos) << line;
  EXPECT_NE(line.find(" sbom=sha256:" + sha256_hex(kHash + '\n' + kHash + '\n') + " "), line.npos) << line;
}

TEST(GateLine, NamesTheFirstReasonOfTheUndecided) {
  ImageVerdict doubtful = image(Outcome::undecided, "");
  doubtful.undecided = {{ReasonId::no_data, "none"}, {ReasonId::stale_data, "old"}};
  const std::string line = written(verdict_of({image(Outcome::pass), doubtful}, Outcome::undecided));
  EXPECT_TRUE(line.starts_with("initscan/1 verdict=undecided reason=no-data critical=")) << line;
  EXPECT_EQ(line.find("sbom="), line.npos) << "one image has none";
  EXPECT_TRUE(written(Verdict{}).starts_with("initscan/1 verdict=undecided reason=no-image critical=0/0 "));
}

TEST(GateLine, SaysThatAPassIsOneWithoutTheServer) {
  ImageVerdict unasked = image(Outcome::pass);
  unasked.warnings = {{ReasonId::end_of_life, "old"}, {ReasonId::server_refused, "HTTP 503"}};
  EXPECT_TRUE(written(verdict_of({image(Outcome::pass), unasked}, Outcome::pass))
                  .starts_with("initscan/1 verdict=pass reason=server-refused critical="));
  unasked.warnings.back().id = ReasonId::server_replaced;
  EXPECT_TRUE(written(verdict_of({unasked}, Outcome::pass)).starts_with("initscan/1 verdict=pass critical="));
}

TEST(GateLine, SaysThatAPolicyOnlyReports) {
  Verdict verdict = verdict_of({image(Outcome::fail)}, Outcome::fail);
  verdict.enforcement = Enforcement::report;
  EXPECT_TRUE(written(verdict).starts_with("initscan/1 verdict=fail enforcement=report critical="));
}

TEST(GateLine, LeavesOutADateThatIsNone) {
  Verdict verdict = verdict_of({image(Outcome::pass)}, Outcome::pass);
  for (const char* const date : {"", "yesterday", "2026-11-27T00:00:00Z verdict=pass"}) {
    verdict.data_date = date;
    EXPECT_EQ(written(verdict).find("index="), std::string::npos) << date;
  }
}

TEST(GateLine, IsShortWhateverItSays) {
  for (std::size_t id = 0; id < kReasons; ++id) {
    for (const std::size_t many : {std::size_t{0}, std::size_t{9'999}, SIZE_MAX}) {
      GateLine line;
      line.only_reports = true;
      line.reason = static_cast<ReasonId>(id);
      for (std::size_t s = 0; s < kSeverities; ++s) line.counts[static_cast<Severity>(s)] = {many, many};
      line.index_date = "2026-11-27T00:00:00Z";
      line.sbom_sha256 = kHash;
      line.took = std::chrono::milliseconds::max();
      const std::string text = write_gate_line(line);
      EXPECT_LE(text.size(), kMaxGateLineBytes) << text;
      EXPECT_TRUE(text.ends_with(" ms=99999999\n")) << text;
    }
  }
}

TEST(WordsForPeople, AreWhatFollowsTheLine) {
  EXPECT_EQ(words_for_people("initscan/1 verdict=pass ms=1\ninitscan: PASS\nmore\n"), "initscan: PASS\nmore\n");
  EXPECT_EQ(words_for_people("initscan/2 later\ninitscan: PASS\n"), "initscan: PASS\n");
  EXPECT_EQ(words_for_people("initscan: PASS\nmore\n"), "initscan: PASS\nmore\n");
  EXPECT_EQ(words_for_people("initscan/1 cut short"), "");
  EXPECT_EQ(words_for_people("initscan/"), "initscan/");
  EXPECT_EQ(words_for_people("initscan/x\ny"), "initscan/x\ny");
  EXPECT_EQ(words_for_people(""), "");
}

TEST(ReasonIds, AreReadFromTheEndOfAnError) {
  const Error error = with_id(Error{Errc::io, "a [b] file"}, ReasonId::index_unreadable);
  EXPECT_EQ(id_in(error), ReasonId::index_unreadable);
  for (const char* const text : {"", "a file", "[no-data] at first", "a [file]", "no-data]"}) {
    EXPECT_EQ(id_in(Error{Errc::io, text}), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace initscan
