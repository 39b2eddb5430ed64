#include "tests/unit/initscan/advisory/feed/parsed.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

// What a release says of CVE-2024-1 in the package zlib.
FeedRecord with_release(const std::string& release) {
  Parsed result = parsed(parse_debian_json,
                         R"({"zlib":{"CVE-2024-1":{"description":"A flaw\nand more","releases":{)" + release + "}}}}");
  EXPECT_EQ(result.error, "");
  return result.records.empty() ? FeedRecord{} : std::move(result.records[0]);
}

struct Case {
  const char* name;
  std::string release;
  AffectedPackage want;
};

AffectedPackage said(AdvisoryStatus status, std::vector<VersionRange> ranges, Severity severity = Severity::unknown) {
  AffectedPackage affected{"Debian:12", "zlib", std::move(ranges)};
  affected.status = status;
  affected.severity = severity;
  return affected;
}

AffectedPackage unclear(const std::string& words) {
  AffectedPackage affected{"Debian:12", "zlib", {}};
  affected.unclear = {words};
  return affected;
}

class DebianJson : public testing::TestWithParam<Case> {};

TEST_P(DebianJson, Reads) {
  const FeedRecord record = with_release(R"("bookworm":{)" + GetParam().release + "}");
  ASSERT_EQ(record.advisories.size(), 1u);
  EXPECT_EQ(record.advisories[0].id, "CVE-2024-1");
  EXPECT_EQ(record.advisories[0].summary, "A flaw");
  EXPECT_EQ(record.advisories[0].affected, std::vector<AffectedPackage>{GetParam().want});
  EXPECT_EQ(record.skipped, std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(
    Table, DebianJson,
    testing::Values(
        Case{"Fixed", R"("status":"resolved","fixed_version":"1:1.2-3","urgency":"high**","repositories":{"a":"1"})",
             said(AdvisoryStatus::affected, {{"", "1:1.2-3", ""}}, Severity::high)},
        Case{"NotAffected", R"("status":"resolved","fixed_version":"0","urgency":"unimportant")",
             said(AdvisoryStatus::not_affected, {{}}, Severity::negligible)},
        Case{"Open", R"("status":"open","urgency":"not yet assigned")", said(AdvisoryStatus::affected, {{}})},
        Case{"Unimportant", R"("status":"open","urgency":"unimportant")",
             said(AdvisoryStatus::affected, {{}}, Severity::negligible)},
        Case{"EndOfLife", R"("status":"open","urgency":"end-of-life")", said(AdvisoryStatus::end_of_life, {{}})},
        Case{"NoDsa", R"("status":"open","urgency":"low","nodsa":"Minor issue","nodsa_reason":"")",
             said(AdvisoryStatus::deferred, {{}}, Severity::low)},
        Case{"Postponed", R"("status":"open","nodsa":"Minor issue","nodsa_reason":"postponed")",
             said(AdvisoryStatus::deferred, {{}})},
        Case{"Ignored", R"("status":"open","nodsa":"Too intrusive","nodsa_reason":"ignored")",
             said(AdvisoryStatus::will_not_fix, {{}})},
        Case{"Undetermined", R"("status":"undetermined")", unclear("whether it is affected is undetermined")},
        Case{"AnotherStatus", R"("status":"mended")", unclear("a status that is not known")},
        Case{"NoStatus", "", unclear("a status that is not known")},
        Case{"NoFix", R"("status":"resolved")", unclear("the version of its fix is not given")},
        Case{"AWord", R"("status":"resolved","fixed_version":"<odd>")",
             unclear("an unknown tag takes the place of its fix")}),
    [](const auto& test) { return test.param.name; });

TEST(DebianJson, CountsReleasesThatHaveNoNumber) {
  EXPECT_EQ(with_release(R"("sid":{"status":"open"})").skipped, std::vector<std::string>{"a release without a number"});
}

TEST(DebianJson, NoReleaseMayBeAnEmptyList) {
  const Parsed result = parsed(parse_debian_json, R"({"a":{"CVE-1":{"releases":[]}}})");
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.records.at(0).skipped, std::vector<std::string>{"no release"});
}

TEST(DebianJson, MakesARecordForEachVulnerabilityOfEachPackage) {
  EXPECT_EQ(parsed(parse_debian_json, R"({"a":{"CVE-1":{},"CVE-2":{}},"b":{"CVE-1":{}}})").records.size(), 3u);
}

TEST(DebianJson, RejectsWithAPlace) {
  const auto error = [](const std::string& json) { return parsed(parse_debian_json, json).error; };
  EXPECT_EQ(error(R"({"zlib":{"CVE-1":{"releases":{"bookworm":{"status":7}}}}})").substr(0, 38),
            "zlib: CVE-1: not the tracker's JSON: T");
  EXPECT_EQ(error(R"({"zlib":{"CVE-1":{"releases":[7]}}})").substr(0, 36), "zlib: CVE-1: not the tracker's JSON:");
  EXPECT_EQ(error(R"({"":{}})"), "want the name of a package as a key");
  EXPECT_EQ(error(R"({"a":{"":{}}})"), "a: want the id of a vulnerability as a key");
  EXPECT_EQ(error("[]").substr(0, 23), "not the tracker's JSON:");
  EXPECT_EQ(error("").substr(0, 23), "not the tracker's JSON:");
}

}  // namespace
}  // namespace initscan
