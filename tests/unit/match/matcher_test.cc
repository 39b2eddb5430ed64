#include "initscan/match/matcher.h"

#include "initscan/match/ecosystem.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Statement {
  std::string introduced, fixed, last_affected, id;
  Severity severity = Severity::high;
  bool exact = false;
};

// An index of one ecosystem and one package.
class OnePackage : public AdvisoryLookup {
 public:
  OnePackage(std::string ecosystem, std::string package, std::vector<Statement> statements)
      : ecosystem_(std::move(ecosystem)), package_(std::move(package)), statements_(std::move(statements)) {}

  Result<bool> covers(std::string_view ecosystem) const override { return ecosystem == ecosystem_; }
  Result<void> for_each(std::string_view ecosystem, std::string_view package,
                        const std::function<void(const AffectedRow&)>& visit) const override {
    if (ecosystem != ecosystem_ || package != package_) return {};
    for (const Statement& s : statements_) {
      visit({s.introduced, s.fixed, s.last_affected, s.exact, s.severity, s.id, "ALIAS-1 ALIAS-2", "", "a flaw", 7.5});
    }
    return {};
  }

 private:
  std::string ecosystem_, package_;
  std::vector<Statement> statements_;
};

Sbom debian(std::string source_version, std::string version = "") {
  Sbom sbom;
  sbom.os = {"debian", "12", "bookworm", ""};
  if (version.empty()) version = source_version;
  sbom.packages = {{PackageType::deb, "zlib1g", std::move(version), "amd64", "zlib", std::move(source_version), "s"}};
  return sbom;
}

MatchResult match(const Sbom& sbom, std::vector<Statement> statements) {
  const auto result = match_sbom(sbom, OnePackage("Debian:12", "zlib", std::move(statements)));
  EXPECT_TRUE(result);
  return result ? *result : MatchResult{};
}

struct Case {
  const char* name;
  const char* version;
  Statement statement;
  bool affected;
};

class Affected : public testing::TestWithParam<Case> {};

TEST_P(Affected, ByRange) {
  const Case& c = GetParam();
  EXPECT_EQ(match(debian(c.version), {c.statement}).findings.size(), c.affected ? 1u : 0u);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Affected,
    testing::Values(Case{"BeforeTheFix", "1.2-1", {"", "1.2-2", "", "CVE-1"}, true},
                    Case{"TheFix", "1.2-2", {"", "1.2-2", "", "CVE-1"}, false},
                    Case{"AfterTheFix", "1.10-1", {"", "1.2-2", "", "CVE-1"}, false},
                    Case{"NoFix", "9", {"", "", "", "CVE-1"}, true},
                    Case{"BeforeItCameIn", "1.0", {"1.1", "2", "", "CVE-1"}, false},
                    Case{"WhereItCameIn", "1.1", {"1.1", "2", "", "CVE-1"}, true},
                    Case{"TheLastAffected", "1.5", {"1.1", "", "1.5", "CVE-1"}, true},
                    Case{"AfterTheLastAffected", "1.5-1", {"1.1", "", "1.5", "CVE-1"}, false},
                    Case{"Listed", "1.50", {"1.50", "", "", "CVE-1", Severity::high, true}, true},
                    Case{"NotListed", "1.51", {"1.50", "", "", "CVE-1", Severity::high, true}, false}),
    [](const auto& test) { return test.param.name; });

TEST(Matcher, ComparesTheSourceVersionAndNamesTheInstalledPackage) {
  const MatchResult result = match(debian("1.2-1", "1.2-1+b3"), {{"", "1.2-2", "", "CVE-1"}});
  ASSERT_EQ(result.findings.size(), 1u);
  const Finding& f = result.findings[0];
  EXPECT_EQ(f.package.name, "zlib1g");
  EXPECT_EQ(f.package.version, "1.2-1+b3");
  EXPECT_EQ(f.fixed, "1.2-2");
  EXPECT_EQ(f.severity, Severity::high);
  EXPECT_EQ(f.cvss, 7.5);
  EXPECT_EQ(f.summary, "a flaw");
  EXPECT_THAT(f.aliases, ElementsAre("ALIAS-1", "ALIAS-2"));
}

TEST(Matcher, OneFindingForEachVulnerability) {
  const MatchResult result = match(debian("1"), {{"", "2", "", "CVE-1", Severity::low},
                                                 {"", "10", "", "CVE-1", Severity::critical},
                                                 {"", "", "", "CVE-1", Severity::unknown}});
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].fixed, "10") << "repaired is what every feed calls repaired";
  EXPECT_EQ(result.findings[0].severity, Severity::critical);
}

TEST(Matcher, SortsTheWorstFirst) {
  const MatchResult result = match(debian("1"), {{"", "2", "", "CVE-3", Severity::low},
                                                 {"", "2", "", "CVE-2", Severity::critical},
                                                 {"", "2", "", "CVE-1", Severity::critical},
                                                 {"", "2", "", "CVE-0", Severity::unknown}});
  std::vector<std::string> ids;
  for (const Finding& f : result.findings) ids.push_back(f.id);
  EXPECT_THAT(ids, ElementsAre("CVE-1", "CVE-2", "CVE-3", "CVE-0"));
}

TEST(Matcher, SaysWhatItCannotDecide) {
  Sbom trixie = debian("1");
  trixie.os.version_id = "13";
  EXPECT_THAT(match(trixie, {}).no_data,
              ElementsAre("no advisories for \"Debian:13\" in the index (1 package not checked)"));
  Sbom sid = debian("1");
  sid.os.version_id = "";
  EXPECT_THAT(match(sid, {}).unmatched,
              ElementsAre("deb packages of \"debian\" cannot be matched (1 package not checked)"));
  Sbom nobody = debian("1");
  nobody.os = {};
  EXPECT_THAT(match(nobody, {}).unmatched,
              ElementsAre("deb packages of an image without os-release cannot be matched (1 package not checked)"));
  EXPECT_THAT(match(debian("rubbish"), {{"", "2", "", "CVE-1"}}).undecided,
              ElementsAre("zlib1g: \"rubbish\" is no version of a deb package"));
  Sbom rhel;
  rhel.os = {"rhel", "9", "", ""};
  EXPECT_THAT(match(rhel, {}).unmatched, ElementsAre("packages of \"rhel 9\" are not read by this version"));
  EXPECT_THAT(match(Sbom{}, {}).undecided, IsEmpty());
}

TEST(Matcher, CountsWhatItCompared) {
  EXPECT_EQ(match(debian("1"), {}).checked, 1u);
  EXPECT_EQ(match(Sbom{}, {}).checked, 0u);
  Sbom trixie = debian("1");
  trixie.os.version_id = "13";
  EXPECT_EQ(match(trixie, {}).checked, 0u);
}

TEST(Matcher, AVersionThatIsNoneMattersWhereAdvisoriesSpeakOfThePackage) {
  const MatchResult result = match(debian("1.2_3"), {});
  EXPECT_THAT(result.undecided, IsEmpty());
  EXPECT_EQ(result.checked, 1u);
}

TEST(Matcher, HandsFindingsOverOneByOne) {
  std::vector<std::string> ids;
  const auto result = match_sbom(debian("1"), OnePackage("Debian:12", "zlib", {{"", "2", "", "CVE-1"}}),
                                 [&](const Finding& f) { ids.push_back(f.id); });
  ASSERT_TRUE(result);
  EXPECT_THAT(ids, ElementsAre("CVE-1"));
  EXPECT_THAT(result->findings, IsEmpty());
}

TEST(Matcher, NamesTenInvalidVersionsAndCountsTheRest) {
  Sbom sbom = debian("rubbish");
  sbom.packages.resize(15, sbom.packages[0]);
  const auto undecided = match(sbom, {{"", "2", "", "CVE-1"}}).undecided;
  ASSERT_EQ(undecided.size(), 11u);
  EXPECT_EQ(undecided.back(), "and 5 more such versions");
}

TEST(Ecosystem, OfARelease) {
  EXPECT_EQ(ecosystem_of(PackageType::deb, {"debian", "12", "", ""}), "Debian:12");
  EXPECT_EQ(ecosystem_of(PackageType::deb, {"debian", "12.6", "", ""}), "Debian:12");
  EXPECT_EQ(ecosystem_of(PackageType::deb, {"debian", "", "", ""}), "");
  EXPECT_EQ(ecosystem_of(PackageType::deb, {"ubuntu", "22.04", "", ""}), "");
  EXPECT_EQ(ecosystem_of(PackageType::apk, {"alpine", "3.20.3", "", ""}), "Alpine:v3.20");
  EXPECT_EQ(ecosystem_of(PackageType::apk, {"alpine", "3.20", "", ""}), "Alpine:v3.20");
  EXPECT_EQ(ecosystem_of(PackageType::apk, {"alpine", "3", "", ""}), "");
  EXPECT_EQ(ecosystem_of(PackageType::apk, {"debian", "12", "", ""}), "");
}

}  // namespace
}  // namespace initscan
