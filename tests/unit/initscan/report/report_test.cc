#include "initscan/report/report.h"

#include "common/time/rfc3339.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace initscan {
namespace {

JudgedFinding judged(std::string id, Severity severity, Status status, std::string fixed = "3.0.13") {
  JudgedFinding j;
  j.finding.id = std::move(id);
  j.finding.package = {PackageType::deb, "openssl", "3.0.11", "amd64", "openssl", "3.0.11", "var/lib/dpkg/status"};
  j.finding.fixed = std::move(fixed);
  j.finding.severity = severity;
  j.status = status;
  j.why = "because";
  return j;
}

Verdict failing() {
  ImageVerdict image;
  image.index = "0";
  image.image = "example/shop:1.4";
  image.outcome = Outcome::fail;
  image.packages = 2;
  image.os.pretty_name = "Debian GNU/Linux 12 (bookworm)";
  image.findings = {judged("CVE-2024-2", Severity::high, Status::blocks),
                    judged("CVE-2024-1", Severity::critical, Status::blocks),
                    judged("CVE-2024-3", Severity::low, Status::below_threshold, "")};
  image.findings_total = 3;
  image.findings_blocking = 2;
  return {Outcome::fail,
          "default",
          Enforcement::enforce,
          "00ff",
          "2026-01-01T00:00:00Z",
          {image},
          {{ReasonId::exemption_expired, "an exemption has ended"}}};
}

TEST(TerminationMessage, StartsWithTheWorst) {
  EXPECT_EQ(termination_message(failing()),
            "initscan: FAIL 2 of policy \"default\": CVE-2024-1 openssl 3.0.11 -> 3.0.13 (critical)\n"
            "CVE-2024-2 openssl 3.0.11 -> 3.0.13 (high)\n"
            "warning: an exemption has ended [exemption-expired]\n"
            "help: `initscan help ID` explains blocks, exemption-expired\n");
}

// One of each kind, and malware first whichever image it is in.
Verdict of_each_status() {
  Verdict verdict = failing();
  verdict.images[0].findings.clear();
  for (const FindingStatus status : kFindingStatuses) {
    verdict.images[0].findings.push_back(
        judged(std::string(to_string(status)), Severity::critical, Status::blocks, ""));
    verdict.images[0].findings.back().finding.status = status;
  }
  verdict.images.push_back(verdict.images[0]);
  verdict.images[1].findings = {judged("MAL-1", Severity::critical, Status::blocks)};
  verdict.images[1].findings[0].finding.is_malicious = true;
  verdict.images[1].image = "other";
  return verdict;
}

TEST(TerminationMessage, SaysWhatVendorsDo) {
  const std::string message = termination_message(of_each_status());
  EXPECT_NE(message.find(": MAL-1 openssl 3.0.11, malware (critical) in other\n"), message.npos) << message;
  for (const char* const words : {"affected openssl 3.0.11, no fix (", "will-not-fix openssl 3.0.11, will not fix (",
                                  "deferred openssl 3.0.11, deferred (", "end-of-life openssl 3.0.11, end of life (",
                                  "under-investigation openssl 3.0.11, under investigation (",
                                  "fix-needs-contract openssl 3.0.11, fix only with Pro ("}) {
    EXPECT_NE(message.find(words), message.npos) << words << '\n' << message;
  }
}

TEST(TableReport, SaysWhatVendorsDo) {
  const std::string table = table_report(of_each_status(), false);
  for (const char* const words : {"affected             openssl  3.0.11     -  ", "3.0.11     will not fix  ",
                                  "3.0.11     fix only with Pro  ", "MAL-1  openssl  3.0.11     malware  "}) {
    EXPECT_NE(table.find(words), table.npos) << words << '\n' << table;
  }
}

TEST(JsonReport, SaysWhatVendorsDo) {
  const auto images = nlohmann::json::parse(
      json_report(of_each_status(), *parse_rfc3339("2026-01-01T00:00:00Z"), JsonReader::program))["images"];
  const auto& findings = images[0]["findings"];
  EXPECT_FALSE(findings[0].contains("advisoryStatus")) << "where it is plainly affected";
  for (std::size_t i = 1; i < findings.size(); ++i) EXPECT_EQ(findings[i]["advisoryStatus"], findings[i]["id"]);
  EXPECT_FALSE(findings[0].contains("malicious"));
  EXPECT_EQ(images[1]["findings"][0]["malicious"], true);
}

// The mildest of them is exploited.
Verdict with_exploitation() {
  Verdict verdict = failing();
  auto& findings = verdict.images[0].findings;
  findings[0].finding.exploitation = {"2021-12-10", 0.94, 0.99214};
  findings[1].finding.exploitation = {"", 0.00383, 0.73075};
  verdict.overlay_dates = {{"epss", ""}, {"kev", "2026-01-01T00:00:00Z"}};
  return verdict;
}

TEST(TerminationMessage, StartsWithWhatIsExploited) {
  EXPECT_TRUE(
      termination_message(with_exploitation())
          .starts_with("initscan: FAIL 2 of policy \"default\": CVE-2024-2 openssl 3.0.11 -> 3.0.13 (high, known "
                       "exploited since 2021-12-10, EPSS 0.94 (99th percentile))\n"
                       "CVE-2024-1 openssl 3.0.11 -> 3.0.13 (critical, EPSS 0.00383 (73rd percentile))\n"))
      << termination_message(with_exploitation());
}

TEST(TableReport, SaysWhatIsExploited) {
  const std::string table = table_report(with_exploitation(), false);
  EXPECT_NE(table.find("FIXED IN  STATUS           EXPLOITATION\n"), table.npos) << table;
  EXPECT_NE(table.find("blocks           known exploited since 2021-12-10, EPSS 0.94 (99th percentile)\n"), table.npos)
      << table;
  EXPECT_NE(table.find("-         below-threshold\n"), table.npos) << table;
  EXPECT_EQ(table_report(failing(), false).find("EXPLOITATION"), table.npos) << "where nothing is known of any";
}

TEST(JsonReport, SaysWhatIsExploited) {
  const auto report = nlohmann::json::parse(
      json_report(with_exploitation(), *parse_rfc3339("2026-01-01T00:00:00Z"), JsonReader::program));
  EXPECT_EQ(report["overlay"], nlohmann::json::parse(R"({"epss":null,"kev":"2026-01-01T00:00:00Z"})"));
  const auto& findings = report["images"][0]["findings"];
  EXPECT_EQ(findings[0]["knownExploited"], "2021-12-10");
  EXPECT_EQ(findings[0]["epss"], nlohmann::json::parse(R"({"score":0.94,"percentile":0.99214})"));
  EXPECT_FALSE(findings[1].contains("knownExploited"));
  EXPECT_FALSE(findings[2].contains("epss"));
  const auto without =
      nlohmann::json::parse(json_report(failing(), *parse_rfc3339("2026-01-01T00:00:00Z"), JsonReader::program));
  EXPECT_FALSE(without.contains("overlay"));
}

TEST(TerminationMessage, CountsWhatWasNotKept) {
  Verdict verdict = failing();
  verdict.images[0].findings_total = 750'000;
  verdict.images[0].findings_blocking = 700'000;
  const std::string message = termination_message(verdict);
  EXPECT_TRUE(message.starts_with("initscan: FAIL 700000 of policy")) << message;
  EXPECT_NE(message.find("... and 699998 more\nhelp: "), message.npos) << message;
}

TEST(TerminationMessage, NamesTheImageWhereThereAreSeveral) {
  Verdict verdict = failing();
  verdict.images.push_back(verdict.images[0]);
  verdict.images[1].image = "example/other:2";
  verdict.images[1].findings = {judged("CVE-2024-9", Severity::critical, Status::blocks, "")};
  const std::string message = termination_message(verdict);
  EXPECT_NE(message.find("CVE-2024-9 openssl 3.0.11, no fix (critical) in example/other:2\n"), message.npos) << message;
}

TEST(TerminationMessage, KeepsWithinWhatTheKubeletKeeps) {
  Verdict verdict = failing();
  for (int i = 0; i < 1000; ++i) {
    verdict.images[0].findings.push_back(judged("CVE-2025-" + std::to_string(i), Severity::medium, Status::blocks));
  }
  verdict.images[0].findings.push_back(judged(std::string(5000, 'C'), Severity::critical, Status::blocks));
  const std::string message = termination_message(verdict);
  EXPECT_LE(message.size(), kMaxTerminationMessageBytes);
  EXPECT_GT(message.size(), kMaxTerminationMessageBytes - 200);
  EXPECT_NE(message.find(" more\nhelp: `initscan help ID` explains blocks, exemption-expired\n"), message.npos);
}

TEST(TerminationMessage, FitsIntoWhateverRoomThereIs) {
  Verdict verdict = failing();
  verdict.policy_name = "ä" + std::string(300, 'x');
  for (std::size_t room = 0; room < 700; ++room) {
    const std::string message = termination_message(verdict, room);
    EXPECT_LE(message.size(), room);
    EXPECT_TRUE(room < 10 || message.ends_with('\n')) << room;
  }
  EXPECT_EQ(termination_message(verdict, 30), "initscan: FAIL 2 of policy...\n");
  EXPECT_EQ(termination_message(verdict, 33), "initscan: FAIL 2 of policy \"...\n") << "a cut falls between characters";
}

TEST(TerminationMessage, HoldsTheIdsOfReasonsThatItHasNoRoomFor) {
  Verdict verdict = failing();
  verdict.outcome = verdict.images[0].outcome = Outcome::undecided;
  verdict.images[0].findings.clear();
  for (std::size_t id = 0; id < kReasons; ++id) {
    verdict.images[0].undecided.push_back({static_cast<ReasonId>(id), std::string(3000, 'x')});
  }
  const std::string message = termination_message(verdict);
  EXPECT_LE(message.size(), kMaxTerminationMessageBytes);
  EXPECT_NE(message.find("x... [nothing-found]\n"), message.npos) << "a long sentence is cut, and its id is not";
  const std::string help = message.substr(message.find("help: "));
  for (std::size_t id = 0; id < kReasons; ++id) {
    EXPECT_NE(help.find(to_string(static_cast<ReasonId>(id))), help.npos) << help;
  }
}

TEST(TerminationMessage, OfNothingSaysSo) {
  EXPECT_EQ(termination_message(Verdict{}),
            "initscan: UNDECIDED of policy \"\": cannot decide: no image was scanned [no-image]\n"
            "help: `initscan help ID` explains no-image\n");
}

TEST(TerminationMessage, SaysWhatCouldNotBeDecided) {
  Verdict verdict = failing();
  verdict.outcome = verdict.images[0].outcome = Outcome::undecided;
  verdict.images[0].findings.clear();
  verdict.images[0].findings_total = verdict.images[0].findings_blocking = 0;
  verdict.images[0].undecided = {{ReasonId::no_data, "no advisories for \"Debian:13\" in the index"}};
  EXPECT_EQ(termination_message(verdict),
            "initscan: UNDECIDED of policy \"default\": cannot decide: no advisories for \"Debian:13\" in the index "
            "[no-data]\n"
            "warning: an exemption has ended [exemption-expired]\n"
            "help: `initscan help ID` explains no-data, exemption-expired\n");
}

TEST(TerminationMessage, SaysWhatPassed) {
  Verdict verdict = failing();
  verdict.outcome = verdict.images[0].outcome = Outcome::pass;
  verdict.images[0].findings = {judged("CVE-2024-3", Severity::low, Status::below_threshold)};
  verdict.images[0].findings_total = 1;
  verdict.images[0].findings_blocking = 0;
  verdict.images[0].warnings = {{ReasonId::nothing_found, "there was nothing\nto check"}};
  EXPECT_EQ(termination_message(verdict),
            "initscan: PASS of policy \"default\": 1 image, 2 packages, 1 finding, none blocking\n"
            "warning: there was nothing\\u{a}to check [nothing-found]\n"
            "warning: an exemption has ended [exemption-expired]\n"
            "help: `initscan help ID` explains nothing-found, exemption-expired\n");
}

TEST(TableReport, ReadsLikeATable) {
  EXPECT_EQ(table_report(failing(), false),
            "example/shop:1.4  (Debian GNU/Linux 12 (bookworm), 2 packages)\n"
            "  SEVERITY  ID          PACKAGE  INSTALLED  FIXED IN  STATUS\n"
            "  high      CVE-2024-2  openssl  3.0.11     3.0.13    blocks\n"
            "  critical  CVE-2024-1  openssl  3.0.11     3.0.13    blocks\n"
            "  low       CVE-2024-3  openssl  3.0.11     -         below-threshold\n"
            "\n"
            "warning: an exemption has ended [exemption-expired]\n"
            "`initscan help ID` explains a STATUS, and what stands in [brackets]\n"
            "FAIL  3 findings, 2 blocking; policy \"default\", advisories of 2026-01-01T00:00:00Z\n");
}

TEST(TableReport, NamesWhatWasMatched) {
  Verdict verdict = failing();
  verdict.images[0].os = {"debian", "12", "", ""};
  EXPECT_TRUE(table_report(verdict, false).starts_with("example/shop:1.4  (debian 12, 2 packages)\n"));
  verdict.images[0].os.version_id.clear();
  EXPECT_TRUE(table_report(verdict, false).starts_with("example/shop:1.4  (debian, 2 packages)\n"));
  verdict.images[0].os = {};
  EXPECT_TRUE(table_report(verdict, false).starts_with("example/shop:1.4  (no os-release, 2 packages)\n"));
}

TEST(TableReport, CountsWhatItDoesNotShow) {
  Verdict verdict = failing();
  verdict.images[0].findings_total = 750'000;
  const std::string table = table_report(verdict, false);
  EXPECT_NE(table.find("  ... and 749997 more; the worst are shown\n"), table.npos) << table;
  EXPECT_NE(table.find("FAIL  750000 findings, 2 blocking"), table.npos) << table;
}

TEST(TableReport, ColoursOnlyWhenAsked) {
  EXPECT_EQ(table_report(failing(), false).find('\x1b'), std::string::npos);
  EXPECT_NE(table_report(failing(), true).find("\x1b[1;31mcritical\x1b[0m"), std::string::npos);
}

TEST(TableReport, LetsNoNameReachTheTerminal) {
  Verdict verdict = failing();
  verdict.images[0].findings[0].finding.package.name = "evil\x1b]0;owned\x07\nFAKE  PASS";
  const std::string table = table_report(verdict, false);
  EXPECT_EQ(table.find('\x1b'), table.npos);
  EXPECT_EQ(table.find("\nFAKE"), table.npos);
}

TEST(TableReport, SaysWhyByIdsAndForWhomThereIsHelp) {
  Verdict verdict = failing();
  verdict.images[0].undecided = {{ReasonId::no_data, "no advisories"}};
  verdict.images[0].warnings = {{ReasonId::stale_data, "old"}};
  verdict.notes = {{ReasonId::exemption_unused, "unused"}};
  const std::string table = table_report(verdict, false);
  for (const char* const line : {"\n  cannot decide: no advisories [no-data]\n", "\n  warning: old [stale-data]\n",
                                 "\nnote: unused [exemption-unused]\n"}) {
    EXPECT_NE(table.find(line), table.npos) << table;
  }
  verdict.outcome = Outcome::pass;
  EXPECT_EQ(table_report(verdict, false).find("initscan help"), std::string::npos) << "a pass needs no help";
}

TEST(JsonReport, HoldsTheIdOfEachReason) {
  Verdict verdict = failing();
  verdict.images[0].undecided = {{ReasonId::no_data, "no advisories"}};
  verdict.images[0].warnings = {{ReasonId::stale_data, "old"}};
  verdict.notes = {{ReasonId::exemption_unused, "unused"}};
  const auto json = nlohmann::json::parse(json_report(verdict, *parse_rfc3339("2026-06-01T00:00:00Z")));
  EXPECT_EQ(json["images"][0]["undecided"], nlohmann::json({"no advisories"}));
  EXPECT_EQ(json["images"][0]["reasons"],
            nlohmann::json({{{"id", "no-data"}, {"effect", "undecided"}, {"sentence", "no advisories"}},
                            {{"id", "stale-data"}, {"effect", "warning"}, {"sentence", "old"}}}));
  EXPECT_EQ(
      json["reasons"],
      nlohmann::json({{{"id", "exemption-expired"}, {"effect", "warning"}, {"sentence", "an exemption has ended"}},
                      {{"id", "exemption-unused"}, {"effect", "note"}, {"sentence", "unused"}}}));
}

TEST(JsonReport, HoldsWhatWasJudged) {
  const auto json = nlohmann::json::parse(json_report(failing(), *parse_rfc3339("2026-06-01T00:00:00Z")));
  EXPECT_EQ(json["schema"], "initscan.io/verdict/v1");
  EXPECT_EQ(json["verdict"], "fail");
  EXPECT_EQ(json["evaluatedAt"], "2026-06-01T00:00:00Z");
  EXPECT_EQ(json["policy"]["sha256"], "00ff");
  const auto& findings = json["images"][0]["findings"];
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0]["package"]["sourceName"], "openssl");
  EXPECT_EQ(findings[0]["status"], "blocks");
  EXPECT_TRUE(findings[2]["fixed"].is_null());
  EXPECT_TRUE(findings[0]["cvss"].is_null());
  EXPECT_EQ(json["images"][0]["findingsTotal"], 3);
  EXPECT_EQ(json["images"][0]["findingsBlocking"], 2);
}

// Those that stand side by side may differ in one field alone.
TEST(JsonReport, HasThePackageOfEachFinding) {
  const Package plain = {PackageType::deb, "openssl", "3.0.11", "amd64", "openssl", "3.0.11", "var/lib/dpkg/status"};
  std::vector<Package> packages(9, plain);
  packages[1].type = PackageType::apk;
  packages[2].name = "libssl3";
  packages[3].version = "3.0.11+b1";
  packages[4].architecture = "i386";
  packages[5].source_name = "openssl-1";
  packages[6].source_version = "3.0.10";
  packages[7].path = "opt/var/lib/dpkg/status";
  Verdict verdict = failing();
  auto& findings = verdict.images[0].findings;
  findings.assign(packages.size(), findings[0]);
  for (std::size_t i = 0; i < packages.size(); ++i) findings[i].finding.package = packages[i];
  const auto json = nlohmann::json::parse(json_report(verdict, *parse_rfc3339("2026-06-01T00:00:00Z")));
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const Package& package = packages[i];
    EXPECT_EQ(json["images"][0]["findings"][i]["package"], nlohmann::json({{"type", to_string(package.type)},
                                                                           {"name", package.name},
                                                                           {"version", package.version},
                                                                           {"architecture", package.architecture},
                                                                           {"sourceName", package.source_name},
                                                                           {"sourceVersion", package.source_version},
                                                                           {"path", package.path}}))
        << i;
  }
}

TEST(JsonReport, SaysTheSameToPeopleAndToPrograms) {
  Verdict verdict = failing();
  verdict.images[0].findings[0].finding.cvss = 9;
  verdict.images[0].findings[1].finding.cvss = 7.5;
  verdict.images[0].findings[0].finding.summary = "\"quoted\"\n\\ \u00e9";
  const auto at = *parse_rfc3339("2026-06-01T00:00:00Z");
  const std::string to_people = json_report(verdict, at);
  const std::string to_programs = json_report(verdict, at, JsonReader::program);
  const auto json = nlohmann::ordered_json::parse(to_people);
  EXPECT_EQ(to_people, json.dump(2) + '\n') << "as other writers lay it out";
  EXPECT_EQ(to_programs, json.dump() + '\n');
  EXPECT_THAT(to_programs, testing::HasSubstr("\"cvss\":9.0,"));
  EXPECT_THAT(to_programs, testing::HasSubstr("\"cvss\":7.5,"));
}

}  // namespace
}  // namespace initscan
