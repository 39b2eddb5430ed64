#include "server/api/report_body.h"

#include "common/crypto/sha256.h"

namespace initscan::server {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');
const std::string kHash(64, 'c');

std::string verdict_of(const std::string& findings) {
  return R"({"schema":"initscan.io/verdict/v1","verdict":"fail","policy":{"name":"p","sha256":")" + kHash +
         R"("},"advisories":{"date":"2026-11-01T00:00:00Z"},"images":[{"findings":[)" + findings + "]}]}";
}

std::string report_of(const std::string& verdict, const std::string& more = "") {
  return R"({"schema":"initscan.io/report/v1","image":{"digest":")" + kDigest +
         R"(","reference":"shop:1"},"verdict":)" + verdict + more + '}';
}

TEST(ReportBody, IsReadWithItsCountsAndItsHashes) {
  const auto body = parse_report(report_of(verdict_of(R"({"severity":"critical","fixed":"1.2"},
      {"severity":"critical","fixed":null},{"severity":"low","fixed":null})"),
                                           R"(,"sbom":"{\"a\": 1}\n")"));
  ASSERT_TRUE(body) << body.error().text;
  EXPECT_EQ(body->report.digest, kDigest);
  EXPECT_EQ(body->report.reference, "shop:1");
  EXPECT_EQ(body->report.verdict, "fail");
  EXPECT_EQ(body->report.policy_sha256, kHash);
  EXPECT_EQ(body->report.data_date, "2026-11-01T00:00:00Z");
  EXPECT_EQ(body->report.counts[Severity::critical], (FindingCounts::Count{2, 1}));
  EXPECT_EQ(body->report.counts[Severity::low], (FindingCounts::Count{1, 0}));
  EXPECT_EQ(body->sbom, "{\"a\": 1}\n") << "as its collector wrote it";
  EXPECT_EQ(body->report.sbom_sha256, sha256_hex("{\"a\": 1}\n"));
}

TEST(ReportBody, OfTheSameVerdictHasTheSameHashHoweverItIsWritten) {
  const auto one = parse_report(report_of(verdict_of("")));
  const auto other = parse_report(report_of("  " + verdict_of(" ") + "\n"));
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->report.verdict_sha256, other->report.verdict_sha256);
  EXPECT_FALSE(one->sbom);
  EXPECT_FALSE(one->report.sbom_sha256);
}

TEST(ReportBody, OfAnImageThatIsNamedByATagHasNoDigest) {
  std::string text = report_of(verdict_of(""));
  const std::string digest = R"("digest":")" + kDigest + R"(",)";
  text.erase(text.find(digest), digest.size());
  const auto body = parse_report(text);
  ASSERT_TRUE(body) << body.error().text;
  EXPECT_EQ(body->report.digest, "");
  EXPECT_EQ(body->report.reference, "shop:1");
  text.replace(text.find("shop:1"), 6, "");
  EXPECT_FALSE(parse_report(text)) << "it says nothing of which image it is";
}

struct Case {
  const char* name;
  std::string text;
  std::string_view error;
};

class ReportThatIsNone : public testing::TestWithParam<Case> {};

TEST_P(ReportThatIsNone, IsRefused) {
  const auto got = parse_report(GetParam().text);
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().text, testing::StartsWith(std::string(GetParam().error)));
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t place = text.find(what);
  return place == text.npos ? "the row is wrong" : text.replace(place, what.size(), with);
}

const std::string kGood = report_of(verdict_of(R"({"severity":"low","fixed":null})"));

INSTANTIATE_TEST_SUITE_P(
    Table, ReportThatIsNone,
    testing::Values(
        Case{"Nothing", "", "not JSON: there is nothing"}, Case{"Half", "{", "not JSON: "},
        Case{"NoObject", "[]", "want an object"}, Case{"Deep", std::string(kMaxReportNesting + 1, '['), "not JSON: "},
        Case{"NoSchema", "{}", "schema: want \"initscan.io/report/v1\""},
        Case{"AnotherSchema", replaced(kGood, "report/v1", "report/v2"), "schema: want"},
        Case{"AnotherKey", report_of(verdict_of(""), R"(,"namespace":"x")"),
             "no key \"namespace\" is known in a report"},
        Case{"AKeyTwice", report_of(verdict_of(""), R"(,"sbom":"a","sbom":"b")"), "the key \"sbom\" twice in a report"},
        Case{"AnotherKeyOfTheImage", replaced(kGood, R"("reference")", R"("pod")"), "no key \"pod\" is known in image"},
        Case{"NoImage", replaced(kGood, R"({"digest")", R"([{"digest")"), "not JSON: "},
        Case{"NoDigest", replaced(kGood, "sha256:", "sha257:"), "image.digest: want"},
        Case{"NoVerdict", report_of("1"), "want an object \"verdict\""},
        Case{"VerdictOfAnotherSchema", replaced(kGood, "verdict/v1", "verdict/v9"), "verdict.schema: want"},
        Case{"NoOutcome", replaced(kGood, R"("fail")", R"("clean")"), "verdict.verdict: want"},
        Case{"NoPolicy", replaced(kGood, kHash, "x"), "verdict.policy.sha256: want"},
        Case{"LongDate", replaced(kGood, "2026-11-01T00:00:00Z", "2026-11-01T00:00:00." + std::string(45, '0') + "Z"),
             "verdict.advisories.date: more than 64 bytes"},
        Case{"NoDate", replaced(kGood, "2026-11-01T00:00:00Z", "soon"), "verdict.advisories.date: want"},
        Case{"TwoImages", replaced(kGood, R"("images":[)", R"("images":[{},)"), "verdict.images: want one image"},
        Case{"NoFindings", replaced(kGood, R"("findings")", R"("finding")"), "a verdict without findings"},
        Case{"NoSeverity", replaced(kGood, R"("low")", R"("huge")"), "verdict: a finding without a severity"},
        Case{"SbomAsAnObject", report_of(verdict_of(""), R"(,"sbom":{})"), "sbom: want the document as one text"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan::server
