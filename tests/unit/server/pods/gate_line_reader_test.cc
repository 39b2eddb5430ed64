#include "server/pods/gate_line_reader.h"

#include "initscan/report/gate_line.h"
#include "tests/unit/server/pods/made_pod.h"

#include <gtest/gtest.h>

namespace initscan::server {
namespace {

const std::string kHash(64, 'a');

TEST(GateLineReader, ReadsWhatAGateWrites) {
  for (const Outcome outcome : {Outcome::pass, Outcome::undecided, Outcome::fail}) {
    for (const bool has_data : {false, true}) {
      GateLine line;
      line.outcome = outcome;
      line.only_reports = has_data;
      if (outcome == Outcome::undecided) line.reason = ReasonId::no_data;
      line.counts[Severity::critical] = {12, 3};
      line.counts[Severity::unknown] = {999'999, 0};
      if (has_data) line.index_date = "2026-11-27T00:00:00Z";
      if (has_data) line.sbom_sha256 = kHash;
      line.took = std::chrono::milliseconds(37);
      const std::string text = write_gate_line(line);
      EXPECT_EQ(read_gate_line(text + "initscan: words\n"), line) << text;
      for (std::size_t size = 0; size < text.size(); ++size) {
        EXPECT_EQ(read_gate_line(text.substr(0, size)), std::nullopt) << "cut short: " << text.substr(0, size);
      }
    }
  }
}

TEST(GateLineReader, ReadsWhyAPassIsOneByThePolicyAlone) {
  for (std::size_t i = 0; i < kReasons; ++i) {
    const auto id = static_cast<ReasonId>(i);
    const auto line = read_gate_line(line_of("verdict=pass reason=" + std::string(to_string(id))));
    EXPECT_EQ(line.has_value(), is_of_server(id)) << to_string(id);
    if (line) { EXPECT_EQ(line->reason, id); }
  }
  EXPECT_EQ(read_gate_line(line_of("verdict=fail reason=server-unreachable")), std::nullopt);
}

struct Case {
  const char* name;
  std::string message;
};

class NoGateLine : public testing::TestWithParam<Case> {};

TEST_P(NoGateLine, IsRead) {
  EXPECT_EQ(read_gate_line(GetParam().message), std::nullopt) << GetParam().message;
}

INSTANTIATE_TEST_SUITE_P(
    Table, NoGateLine,
    testing::Values(
        Case{"WordsForPeople", "initscan: PASS of policy \"default\": 1 image\n"},
        Case{"AnotherNumber", "initscan/2 verdict=pass " + kCounts + " ms=1\n"},
        Case{"NotTheFirstLine", "\n" + line_of("verdict=pass")},  //
        Case{"AnotherVerdict", line_of("verdict=PASS")},          //
        Case{"NoVerdict", "initscan/1 " + kCounts + " ms=1\n"},
        Case{"AVerdictTwice", line_of("verdict=fail verdict=pass")},
        Case{"AReasonOfAPass", line_of("verdict=pass reason=no-data")},
        Case{"AReasonThatIsNone", line_of("verdict=undecided reason=bad-luck")},
        Case{"AnotherEnforcement", line_of("verdict=fail enforcement=none")},
        Case{"AWordMore", line_of("verdict=pass", "ms=1 more=1")},   //
        Case{"ASpaceMore", line_of("verdict=pass", " ms=1")},        //
        Case{"ASpaceAtTheEnd", line_of("verdict=pass", "ms=1 ")},    //
        Case{"ACarriageReturn", line_of("verdict=pass", "ms=1\r")},  //
        Case{"Colours", line_of("verdict=pass", "ms=\x1b[31m1")},
        Case{"NoMilliseconds", "initscan/1 verdict=pass " + kCounts + "\n"},
        Case{"NegativeMilliseconds", line_of("verdict=pass", "ms=-1")},
        Case{"TooManyDigits", line_of("verdict=pass", "ms=123456789")},
        Case{"AnotherWayToSayIt", line_of("verdict=pass", "ms=01")},
        Case{"MoreFixableThanFound",
             "initscan/1 verdict=pass critical=0/1 high=0/0 medium=0/0 low=0/0 negligible=0/0 unknown=0/0 ms=1\n"},
        Case{"AnotherOrder",
             "initscan/1 verdict=pass high=0/0 critical=0/0 medium=0/0 low=0/0 negligible=0/0 unknown=0/0 ms=1\n"},
        Case{"ASeverityLess", "initscan/1 verdict=pass critical=0/0 high=0/0 ms=1\n"},
        Case{"NoDate", line_of("verdict=pass", "index=yesterday ms=1")},
        Case{"AnotherFormOfADate", line_of("verdict=pass", "index=2026-11-27T01:00:00+01:00 ms=1")},
        Case{"AHashInCapitals", line_of("verdict=pass", "sbom=sha256:" + std::string(64, 'A') + " ms=1")},
        Case{"AShortHash", line_of("verdict=pass", "sbom=sha256:aa ms=1")},
        Case{"AnotherHash", line_of("verdict=pass", "sbom=md5:" + kHash + " ms=1")},
        Case{"TooLong", line_of("verdict=pass", "ms=1" + std::string(300, ' '))},  //
        Case{"NoEnd", "initscan/1 verdict=pass"},                                  //
        Case{"OnlyTheStart", "initscan/1 \n"},                                     //
        Case{"LessThanTheStart", "initscan/1\n"},                                  //
        Case{"Nothing", ""}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan::server
