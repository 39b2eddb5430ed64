#include "initscan/match/matcher.h"

#include "initscan/match/ecosystem.h"

#include <array>
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
  StatementKind kind = StatementKind::range;
};

// "CVE-7"
std::uint32_t number_of(const std::string& id) {
  return static_cast<std::uint32_t>(std::stoul(id.substr(4)));
}

AffectedRow row_of(const Statement& s) {
  AffectedRow row{s.introduced, s.fixed, s.last_affected, s.kind, s.severity};
  row.vulnerability = number_of(s.id);
  row.cvss = 7.5;
  return row;
}

// An index of one ecosystem and one package.
class OnePackage : public AdvisoryLookup {
 public:
  OnePackage(std::string ecosystem, std::string package, std::vector<Statement> statements)
      : ecosystem_(std::move(ecosystem)), package_(std::move(package)), statements_(std::move(statements)) {}

  Result<std::optional<Ecosystem>> ecosystem(std::string_view name) const override {
    return name == ecosystem_ ? std::optional(Ecosystem{"2026-01-02T03:04:05Z"}) : std::nullopt;
  }
  Result<void> for_each(std::string_view ecosystem, std::string_view package,
                        const std::function<void(const AffectedRow&)>& visit) const override {
    if (ecosystem != ecosystem_ || package != package_) return {};
    for (const Statement& s : statements_) visit(row_of(s));
    return {};
  }

  Result<VulnerabilityDetails> details(std::uint32_t vulnerability) const override {
    for (const Statement& s : statements_) {
      if (number_of(s.id) == vulnerability) return VulnerabilityDetails{s.id, {"ALIAS-1", "ALIAS-2"}, "", "a flaw"};
    }
    return Error{Errc::malformed, "no such vulnerability"};
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
                                                 {"", "", "", "CVE-1", Severity::unknown, StatementKind::unfixed}});
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
  sid.os.version_id = sid.os.version_codename = "";
  EXPECT_THAT(match(sid, {}).unmatched,
              ElementsAre("deb packages of \"debian\" cannot be matched (1 package not checked); os-release has no "
                          "VERSION_ID and no VERSION_CODENAME of a known release: build the image from a released "
                          "version"));
  sid.os.version_codename = "forky";
  EXPECT_THAT(match(sid, {}).no_data,
              ElementsAre("no advisories for \"Debian:14\" in the index (1 package not checked)"));
  Sbom nobody = debian("1");
  nobody.os = {};
  EXPECT_THAT(match(nobody, {}).unmatched,
              ElementsAre("deb packages of an image without os-release cannot be matched (1 package not checked)"));
  Sbom plan9;
  plan9.os = {"plan9", "4", "", ""};
  EXPECT_THAT(match(plan9, {}).unmatched, ElementsAre("packages of \"plan9 4\" are not read by this version"));
  EXPECT_THAT(match(Sbom{}, {}).undecided, IsEmpty());
}

Package installed(PackageType type, std::string name, std::string version) {
  return {type, name, version, "", name, version, ""};
}

TEST(Matcher, FindsAPackageUnderEachOfItsNames) {
  Sbom sbom;
  sbom.packages = {installed(PackageType::pypi, "Zope.Interface", "1.0rc1")};
  const auto result = match_sbom(sbom, OnePackage("PyPI", "zope-interface", {{"", "1.0", "", "CVE-1"}}));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->findings.size(), 1u);
  EXPECT_EQ(result->findings.front().package.name, "Zope.Interface");
  EXPECT_THAT(result->unmatched, IsEmpty());
}

// An index of one ecosystem: what is said of each package.
class OneEcosystem : public AdvisoryLookup {
 public:
  using Said = std::map<std::string, std::vector<Statement>, std::less<>>;
  OneEcosystem(std::string name, Said said) : name_(std::move(name)), said_(std::move(said)) {}

  Result<std::optional<Ecosystem>> ecosystem(std::string_view name) const override {
    return name == name_ ? std::optional(Ecosystem{"2026-01-02T03:04:05Z"}) : std::nullopt;
  }
  Result<void> for_each(std::string_view ecosystem, std::string_view package,
                        const std::function<void(const AffectedRow&)>& visit) const override {
    const auto statements = said_.find(package);
    if (ecosystem != name_ || statements == said_.end()) return {};
    for (const Statement& s : statements->second) visit(row_of(s));
    return {};
  }
  Result<VulnerabilityDetails> details(std::uint32_t vulnerability) const override {
    return VulnerabilityDetails{"CVE-" + std::to_string(vulnerability), {}, "", ""};
  }

 private:
  std::string name_;
  Said said_;
};

TEST(Matcher, WhatHasNoVersionIsUndecidedWhereAnAdvisorySpeaksOfIt) {
  Sbom sbom;
  sbom.packages = {installed(PackageType::golang, "example.com/app", ""),
                   installed(PackageType::golang, "example.com/other", "")};
  const auto result = match_sbom(sbom, OnePackage("Go", "example.com/app", {{"", "1.2.0", "", "CVE-1"}}));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->checked, 2u);
  EXPECT_THAT(result->undecided, ElementsAre("example.com/app: CVE-1: \"1.2.0\" cannot be compared with \"\""));
}

TEST(Matcher, TellsAVulnerabilityOnceWhicheverNameOfAPackageAdvisoriesUse) {
  Sbom sbom;
  sbom.os = {"rhel", "9.4", "", ""};
  sbom.packages = {{PackageType::rpm, "perl-lib", "0.65-481.el9", "noarch", "perl", "5.32.1-481.el9", ""},
                   {PackageType::rpm, "zlib", "1.2-1", "x86_64", "zlib", "1.2-1", ""}};
  const OneEcosystem index("Red Hat:9",
                           {{"perl", {{"", "5.33", "", "CVE-1"}, {"", "5.34", "", "CVE-2"}, {"", "5.35", "", "CVE-3"}}},
                            {"perl-lib", {{"", "0.66", "", "CVE-1"}, {"", "0.64", "", "CVE-2"}}},
                            {"zlib", {{"", "1.3", "", "CVE-4"}}}});
  const auto result = match_sbom(sbom, index);
  ASSERT_TRUE(result);
  std::vector<std::string> told;
  for (const Finding& finding : result->findings) told.push_back(finding.id + ' ' + finding.fixed);
  EXPECT_THAT(told, ElementsAre("CVE-1 0.66", "CVE-3 5.35", "CVE-4 1.3"))
      << "of CVE-2 the installed package's own name says that it is repaired";
}

TEST(Matcher, PackagesOfALanguageAreNoneOfTheDistribution) {
  const OnePackage index("PyPI", "flask", {});
  Sbom sbom;
  sbom.packages = {installed(PackageType::pypi, "flask", "1")};
  const auto unmatched = [&](std::string id, std::string version) {
    sbom.os = {std::move(id), std::move(version), "", ""};
    const auto result = match_sbom(sbom, index);
    EXPECT_TRUE(result && result->checked == 1);
    return result->unmatched;
  };
  EXPECT_THAT(unmatched("", ""), IsEmpty());
  EXPECT_THAT(unmatched("debian", "12"), ElementsAre("no package of \"debian 12\" itself was found"));
  EXPECT_THAT(unmatched("rhel", "9"), ElementsAre("no package of \"rhel 9\" itself was found"));
  EXPECT_THAT(unmatched("plan9", "4"), ElementsAre("packages of \"plan9 4\" are not read by this version"));
}

TEST(Matcher, CountsWhatItCompared) {
  EXPECT_EQ(match(debian("1"), {}).checked, 1u);
  EXPECT_EQ(match(Sbom{}, {}).checked, 0u);
  Sbom trixie = debian("1");
  trixie.os.version_id = "13";
  EXPECT_EQ(match(trixie, {}).checked, 0u);
}

TEST(Matcher, HandsFindingsOverOneByOne) {
  std::vector<std::string> ids;
  const auto result = match_sbom(debian("1"), OnePackage("Debian:12", "zlib", {{"", "2", "", "CVE-1"}}),
                                 [&](const Finding& f) { ids.push_back(f.id); });
  ASSERT_TRUE(result);
  EXPECT_THAT(ids, ElementsAre("CVE-1"));
  EXPECT_THAT(result->findings, IsEmpty());
}

TEST(Matcher, AVersionThatIsNoneMattersWhereAnAdvisorySpeaksOfIt) {
  EXPECT_THAT(match(debian("1 2"), {}).undecided, IsEmpty());
  EXPECT_THAT(match(debian("1 2"), {{"", "2", "", "CVE-1"}}).undecided,
              ElementsAre("zlib1g: CVE-1: \"2\" cannot be compared with \"1 2\""));
}

TEST(Matcher, WhatAVersionNeverSaidIsNotAboveAFix) {
  for (const char* none : {"UNKNOWN", "(none)", "${version}", "*", "v3", "3_0", ">=3", "z:1", "4294967296:1"}) {
    const MatchResult installed = match(debian(none), {{"", "2", "", "CVE-1"}});
    EXPECT_EQ(installed.undecided.size(), 1u) << none;
    const MatchResult fixed = match(debian("1"), {{"", none, "", "CVE-1"}});
    EXPECT_EQ(fixed.undecided.size(), 1u) << none;
    EXPECT_THAT(fixed.findings, IsEmpty()) << none;
    EXPECT_EQ(match(debian("9"), {{none, "2", "", "CVE-1"}}).undecided.size(), 1u) << none;
    EXPECT_EQ(match(debian(none), {{"", "", "", "CVE-1"}}).findings.size(), 1u) << "whatever its version is";
  }
}

TEST(Matcher, AnInstalledVersionIsOneToItsEnd) {
  Sbom sbom;
  sbom.os = {"alpine", "3.20.3", "", ""};
  const auto undecided = [&](std::string version) {
    sbom.packages = {{PackageType::apk, "zlib", version, "x86_64", "zlib", version, "s"}};
    const OnePackage advisories("Alpine:v3.20", "zlib", {{"", "2-r0", "", "CVE-1"}});
    return match_sbom(sbom, advisories)->undecided;
  };
  EXPECT_THAT(undecided("3-r0"), IsEmpty());
  EXPECT_THAT(undecided("99:1-r0"), ElementsAre("zlib: CVE-1: \"99:1-r0\" is not a version"));
  EXPECT_THAT(undecided("3.UNKNOWN"), ElementsAre("zlib: CVE-1: \"3.UNKNOWN\" is not a version"));
}

TEST(Matcher, AStatementThatIsNotClearLeavesItsPackageUndecided) {
  const Statement unclear{"no versions are given", "", "", "CVE-1", Severity::high, StatementKind::unclear};
  const MatchResult result = match(debian("1"), {unclear});
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_THAT(result.undecided, ElementsAre("zlib1g: CVE-1: no versions are given"));
}

TEST(Matcher, NamesTenInDoubtAndCountsTheRest) {
  Sbom sbom = debian("1 2");
  sbom.packages.resize(15, sbom.packages[0]);
  const auto undecided = match(sbom, {{"", "2", "", "CVE-1"}}).undecided;
  ASSERT_EQ(undecided.size(), 11u);
  EXPECT_EQ(undecided.back(), "and 5 more such vulnerabilities");
}

TEST(Matcher, MatchesThePackagesOfASourceOnce) {
  Sbom sbom = debian("1");
  for (const char* const name : {"zlib1g-dev", "other", "zlib-bin"}) {
    sbom.packages.push_back(sbom.packages[0]);
    sbom.packages.back().name = name;
  }
  sbom.packages[2].source_name = "other";
  sbom.packages[3].source_version = "3";
  const MatchResult result = match(sbom, {{"", "2", "", "CVE-1"}, {"", "4", "", "CVE-2"}});
  std::vector<std::string> found;
  for (const Finding& f : result.findings) found.push_back(f.package.name + ' ' + f.id + ' ' + f.fixed);
  EXPECT_THAT(found, ElementsAre("zlib-bin CVE-2 4", "zlib1g CVE-1 2", "zlib1g CVE-2 4", "zlib1g-dev CVE-1 2",
                                 "zlib1g-dev CVE-2 4"));
  EXPECT_EQ(result.checked, 4u);
}

TEST(Matcher, EndsWhenAnImageCostsTooMuch) {
  const std::vector<Statement> many(2000, {"", "2", "", "CVE-1"});
  Sbom sbom;
  sbom.os = {"debian", "12", "bookworm", ""};
  for (int i = 0; i < 3000; ++i) {  // of as many versions, none of which is affected
    const std::string version = "9." + std::to_string(i);
    sbom.packages.push_back({PackageType::deb, "zlib1g", version, "amd64", "zlib", version, "s"});
  }
  MatchResult result = match(sbom, many);
  EXPECT_THAT(result.over_limit,
              ElementsAre(testing::StartsWith("matching took more than 3000000 steps and was stopped")));
  EXPECT_LT(result.checked, 3000u);
  EXPECT_GT(result.checked, 0u);

  sbom.packages.resize(1);
  sbom.packages[0].source_version = "9." + std::string(200'000, '1');
  result = match(sbom, many);
  EXPECT_EQ(result.over_limit.size(), 1u) << "a long version counts for as much as it takes to read";
  EXPECT_EQ(result.checked, 0u);
}

TEST(Matcher, WhoAcceptsADoubtLeavesNothingUndecided) {
  const OnePackage index("Debian:12", "zlib", {{"", "2", "", "CVE-1"}, {"", "2", "", "CVE-2"}});
  const auto accept_first = [](const Finding& f, const std::string& why) {
    EXPECT_EQ(why, "\"2\" cannot be compared with \"1 2\"");
    return f.id == "CVE-1" && f.package.name == "zlib1g";
  };
  const auto result = match_sbom(
      debian("1 2"), index, [](const Finding&) { ADD_FAILURE(); }, accept_first);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->undecided, ElementsAre(testing::StartsWith("zlib1g: CVE-2: ")));
}

TEST(Matcher, AdvisoriesWithoutAReleaseSpeakOfAll) {
  const auto result = match_sbom(debian("1"), OnePackage("Debian", "zlib", {{"", "2", "", "CVE-1"}}));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->findings.size(), 1u);
  EXPECT_THAT(result->undecided, IsEmpty());
}

TEST(Matcher, WhatIsSignedIsMatchedAsItsSource) {
  Sbom sbom = debian("1+2.06+13", "1+2.06+13");
  sbom.packages[0].source_name = "grub-efi-amd64-signed";
  const auto result = match_sbom(sbom, OnePackage("Debian:12", "grub2", {{"", "2.06-14", "", "CVE-1"}}));
  ASSERT_TRUE(result);
  ASSERT_EQ(result->findings.size(), 1u);
  EXPECT_EQ(result->findings[0].fixed, "2.06-14");
}

TEST(Matcher, TellsTheAgeOfTheDataOfARelease) {
  EXPECT_EQ(match(debian("1"), {}).data_dates,
            (std::map<std::string, std::string>{{"Debian:12", "2026-01-02T03:04:05Z"}}));
}

Sbom alpine(std::string version, std::vector<Package> packages = {}) {
  Sbom sbom;
  sbom.os = {"alpine", std::move(version), "", ""};
  sbom.packages = std::move(packages);
  return sbom;
}

TEST(Matcher, ComparesAsTheApkOfTheImageDoes) {
  const auto findings = [](const std::string& apk_tools) {
    Sbom sbom = alpine("3.20.3", {{PackageType::apk, "a", "1.010-r0", "x86_64", "a", "1.010-r0", "i"},
                                  {PackageType::apk, "apk-tools", apk_tools, "x86_64", "apk-tools", apk_tools, "i"}});
    const auto result = match_sbom(sbom, OnePackage("Alpine:v3.20", "a", {{"", "1.02-r0", "", "CVE-1"}}));
    return result ? result->findings.size() : 99;
  };
  EXPECT_EQ(findings("2.14.4-r0"), 0u);
  EXPECT_EQ(findings("3.0.1-r0"), 1u);
}

// What nobody knows how to compare, by a type that is missing or one that this release has no row for.
TEST(Matcher, NeverTakesAKindForCleanThatNothingIsKnownOf) {
  for (const PackageType type : {PackageType::unknown, PackageType{200}}) {
    Sbom sbom = debian("1");
    sbom.packages.push_back({type, "left-pad", "1.0.0", "", "left-pad", "1.0.0", "app"});
    const MatchResult result = match(sbom, {});
    EXPECT_EQ(result.checked, 1u) << "the deb package alone";
    EXPECT_THAT(result.unmatched,
                ElementsAre("unknown packages of \"debian 12\" cannot be matched (1 package not checked)"));
  }
}

std::string release_of(PackageType type, OsRelease os) {
  Sbom sbom;
  sbom.os = std::move(os);
  const auto ecosystem = ecosystem_of(type, sbom);
  return ecosystem ? ecosystem->release : "";
}

TEST(Ecosystem, OfAReleaseIsNamedAsFeedsNameIt) {
  EXPECT_EQ(release_of(PackageType::deb, {"debian", "12", "", ""}), "Debian:12");
  EXPECT_EQ(release_of(PackageType::deb, {"debian", "12.6", "", ""}), "Debian:12");
  EXPECT_EQ(release_of(PackageType::deb, {"debian", "", "", ""}), "");
  EXPECT_EQ(release_of(PackageType::deb, {"ubuntu", "22.04", "", ""}), "Ubuntu:22.04:LTS");
  EXPECT_EQ(release_of(PackageType::deb, {"ubuntu", "", "jammy", ""}), "Ubuntu:22.04:LTS");
  EXPECT_EQ(release_of(PackageType::apk, {"alpine", "3.20.3", "", ""}), "Alpine:v3.20");
  EXPECT_EQ(release_of(PackageType::apk, {"alpine", "3.20", "", ""}), "Alpine:v3.20");
  EXPECT_EQ(release_of(PackageType::apk, {"alpine", "3", "", ""}), "");
  EXPECT_EQ(release_of(PackageType::apk, {"debian", "12", "", ""}), "");
  EXPECT_EQ(release_of(PackageType::unknown, {"debian", "12", "", ""}), "");
}

TEST(Ecosystem, OfAnRpmDistributionIsNamedAsFeedsNameIt) {
  for (const auto& [id, version, name] :
       std::vector<std::array<const char*, 3>>{{"rhel", "8.10", "Red Hat:8"},
                                               {"centos", "7", "Red Hat:7"},
                                               {"almalinux", "9.4", "AlmaLinux:9"},
                                               {"rocky", "9.4", "Rocky Linux:9"},
                                               {"fedora", "40", "Fedora:40"},
                                               {"amzn", "2023", "Amazon:2023"},
                                               {"ol", "9.4", "Oracle:9"},
                                               {"sles", "15.4", "SUSE"},
                                               {"opensuse-leap", "15.5", "openSUSE:Leap 15.5"},
                                               {"opensuse-tumbleweed", "20240101", "openSUSE:Tumbleweed"},
                                               {"photon", "5.0", "Photon OS:5.0"},
                                               {"azurelinux", "3.0", "Azure Linux:3"},
                                               {"mariner", "2.0", "Azure Linux:2"}}) {
    EXPECT_EQ(release_of(PackageType::rpm, {id, version, "", ""}), name) << id;
    EXPECT_EQ(release_of(PackageType::deb, {id, version, "", ""}), "") << id;
  }
  EXPECT_EQ(release_of(PackageType::apk, {"wolfi", "20230201", "", ""}), "Wolfi");
  EXPECT_EQ(release_of(PackageType::apk, {"chainguard", "20230214", "", ""}), "Chainguard");
}

TEST(Ecosystem, OfALanguageIsThatOfEachImage) {
  EXPECT_EQ(release_of(PackageType::pypi, {"debian", "12", "", ""}), "PyPI");
  EXPECT_EQ(release_of(PackageType::npm, {}), "npm");
}

TEST(Ecosystem, AlpineBetweenReleasesIsEdge) {
  for (const char* version : {"edge", "3.21.0_alpha20240807", "3.17_alpha20220715", "3.20.0_beta1", "3.20.0_rc2"}) {
    EXPECT_EQ(release_of(PackageType::apk, {"alpine", version, "", ""}), "Alpine:edge") << version;
  }
}

TEST(Ecosystem, TheOrderOfApkIsThatOfTheImage) {
  const auto order_of = [](const char* version, std::vector<Package> packages) {
    const auto ecosystem = ecosystem_of(PackageType::apk, alpine(version, std::move(packages)));
    return ecosystem ? std::optional(ecosystem->order) : std::nullopt;
  };
  const auto installed = [](const char* name, const char* version) {
    return Package{PackageType::apk, name, version, "x86_64", name, version, "i"};
  };
  EXPECT_EQ(order_of("3.22.1", {}), VersionOrder::apk2);
  EXPECT_EQ(order_of("3.9.6", {}), VersionOrder::apk2);
  EXPECT_EQ(order_of("3.23.0", {}), VersionOrder::apk3);
  EXPECT_EQ(order_of("4.0.0", {}), VersionOrder::apk3);
  EXPECT_EQ(order_of("edge", {}), VersionOrder::apk3);
  EXPECT_EQ(order_of("3.20.3", {installed("apk-tools", "3.0.1-r0")}), VersionOrder::apk3);
  EXPECT_EQ(order_of("3.23.0", {installed("apk-tools", "2.14.4-r0")}), VersionOrder::apk2);
  EXPECT_EQ(order_of("3.20.3", {installed("libapk", "3.0.0_rc1-r0")}), VersionOrder::apk3);
  EXPECT_EQ(order_of("3.20.3", {installed("zlib", "9-r0")}), VersionOrder::apk2);
}

}  // namespace
}  // namespace initscan
