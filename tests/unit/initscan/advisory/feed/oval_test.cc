#include "initscan/advisory/feed/oval_statement.h"
#include "tests/unit/initscan/advisory/feed/parsed.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

// A test of a package, with its object and state.
struct PackageTest {
  std::string id;
  std::string comment;
  std::string package;
  std::string state;  // "<evr operation='less than'>0:1-1</evr>"
};

std::string oval(const std::string& definition, const std::vector<PackageTest>& tests) {
  std::string parts;
  std::string objects;
  std::string states;
  for (const auto& [id, comment, package, state] : tests) {
    parts += "<rpminfo_test id='" + id + "' comment='" + comment + "'><object object_ref='o" + id +
             "'/><state state_ref='s" + id + "'/></rpminfo_test>";
    objects += "<rpminfo_object id='o" + id + "'><name>" + package + "</name></rpminfo_object>";
    states += "<rpminfo_state id='s" + id + "'>" + state + "</rpminfo_state>";
  }
  return "<oval_definitions><definitions><definition id='d:1'>" + definition + "</definition></definitions><tests>" +
         parts + "</tests><objects>" + objects + "</objects><states>" + states + "</states></oval_definitions>";
}

std::string all(const std::string& inside) {
  return "<criteria operator='AND'>" + inside + "</criteria>";
}
std::string any(const std::string& inside) {
  return "<criteria operator='OR'>" + inside + "</criteria>";
}
std::string test(const std::string& id, const std::string& comment = "") {
  return "<criterion test_ref='" + id + "' comment='" + comment + "'/>";
}
std::string earlier(const std::string& version) {
  return "<evr datatype='evr_string' operation='less than'>" + version + "</evr>";
}

using Parse = Result<void> (*)(std::string_view, const RecordSink&);

FeedRecord one(Parse parse, const std::string& xml) {
  Parsed result = parsed(parse, xml);
  EXPECT_EQ(result.error, "");
  return result.records.empty() ? FeedRecord{} : std::move(result.records[0]);
}

const std::string kElsa =
    "<metadata><title>\nELSA-2007-1: bind security update (MODERATE)\n</title>"
    "<reference source='elsa' ref_id='ELSA-2007-1'/><reference source='CVE' ref_id='CVE-2007-1'/>"
    "<advisory><severity>MODERATE</severity><issued date='2007-06-26'/></advisory></metadata>";
const PackageTest kOracle8{"r", "Oracle Linux 8 is installed", "oraclelinux-release",
                           "<version operation='pattern match'>^8</version>"};
const PackageTest kArm{"a", "arch is aarch64", "oraclelinux-release", "<arch operation='pattern match'>aarch64</arch>"};
const PackageTest kIntel{"x", "arch is x86_64", "oraclelinux-release", "<arch operation='pattern match'>x86_64</arch>"};
const PackageTest kSigned{"g", "signed", "bind", "<signature_keyid operation='equals'>1</signature_keyid>"};

TEST(OracleOval, ReadsAnAnnouncement) {
  const FeedRecord record =
      one(parse_oracle_oval, oval(kElsa + all(test("r") + any(all(test("b") + test("g")) + all(test("l") + test("g")))),
                                  {kOracle8,
                                   kSigned,
                                   {"b", "", "bind", earlier("30:9-1.el8")},
                                   {"l", "", "bind-libs", earlier("30:9-1.el8")}}));
  EXPECT_EQ(record.id, "ELSA-2007-1");
  EXPECT_EQ(record.modified, "2007-06-26T00:00:00Z");
  Advisory want;
  want.id = "ELSA-2007-1";
  want.upstream = {"CVE-2007-1"};
  want.severity = Severity::medium;
  want.published = "2007-06-26T00:00:00Z";
  want.summary = "ELSA-2007-1: bind security update (MODERATE)";
  want.affected = {{"Oracle:8", "bind", {{"", "30:9-1.el8", ""}}}, {"Oracle:8", "bind-libs", {{"", "30:9-1.el8", ""}}}};
  EXPECT_EQ(record.advisories, std::vector<Advisory>{want});
}

TEST(OracleOval, JoinsArchitecturesAndTellsFlavours) {
  const std::vector<PackageTest> tests{kOracle8,
                                       kArm,
                                       kIntel,
                                       {"b", "", "openssl", earlier("2:1-15.ksplice1.el8")},
                                       {"f", "", "openssl", earlier("10:1-15.el8_fips")}};
  const FeedRecord record = one(
      parse_oracle_oval,
      oval(kElsa + all(test("r") + any(all(test("a") + test("b")) + all(test("x") + test("b")) + test("f"))), tests));
  const auto& affected = record.advisories.at(0).affected;
  ASSERT_EQ(affected.size(), 2u);
  EXPECT_EQ(affected[0].scope.architectures, (std::vector<std::string>{"aarch64", "x86_64"}));
  EXPECT_EQ(affected[0].scope.flavour, "ksplice");
  EXPECT_EQ(affected[1].scope.flavour, "fips");
  EXPECT_EQ(record.skipped, std::vector<std::string>{"one more architecture of a package"});
}

TEST(OracleOval, ReadsTheStreamOfAModule) {
  const FeedRecord record =
      one(parse_oracle_oval,
          oval(kElsa + all(test("r") + test("m") + test("b")),
               {kOracle8, {"m", "Module nodejs:16 is enabled", "", ""}, {"b", "", "npm", earlier("1:8-1")}}));
  EXPECT_EQ(record.advisories.at(0).affected.at(0).scope.module, "nodejs:16");
}

TEST(OracleOval, TheCommentOfATestThatIsMissingSaysTheSame) {
  const FeedRecord record = one(
      parse_oracle_oval,
      oval(kElsa + all(test("1", "Oracle Linux 8 is installed") + test("2", "Oracle Linux arch is aarch64") +
                       test("3", "bind is earlier than 30:9-1.el8") +
                       test("4", "bind is signed with the Oracle Linux 8 key") + test("5", "bind is ksplice-based")),
           {}));
  AffectedPackage want{"Oracle:8", "bind", {{"", "30:9-1.el8", ""}}};
  want.scope.architectures = {"aarch64"};
  want.scope.flavour = "ksplice";
  EXPECT_EQ(record.advisories.at(0).affected, std::vector<AffectedPackage>{want});
}

TEST(OracleOval, WhatIsNotUnderstoodLeavesThePackageUndecided) {
  const std::vector<PackageTest> tests{kOracle8,
                                       {"b", "", "bind", earlier("1-1")},
                                       {"c", "", "curl", earlier("1-1")},
                                       {"u", "a kernel is running", "", ""},
                                       {"n", "", "bind", "<evr operation='not equal'>1-1</evr>"}};
  for (const std::string& criteria :
       {all(test("r") + test("b") + test("c")), all(test("r") + test("b") + test("u")), all(test("r") + test("n")),
        all(test("r") + test("b") + test("missing")), "<criteria operator='XOR'>" + test("r") + "</criteria>",
        all(test("r") + "<criteria negate='true'>" + test("b") + "</criteria>"),
        all(test("r") + test("b") + "<extend_definition definition_ref='d:2'/>")}) {
    const FeedRecord record = one(parse_oracle_oval, oval(kElsa + criteria, tests));
    for (const AffectedPackage& affected : record.advisories.at(0).affected) {
      EXPECT_EQ(affected.unclear, std::vector<std::string>{"a condition that is not understood"}) << criteria;
      EXPECT_TRUE(affected.ranges.empty()) << criteria;
    }
    EXPECT_GT(record.advisories[0].affected.size() + record.skipped.size(), 0u) << criteria;
  }
}

TEST(OracleOval, CountsWhatSaysNothing) {
  const PackageTest bind{"b", "", "bind", earlier("1-1")};
  EXPECT_EQ(one(parse_oracle_oval, oval(kElsa + all(test("b")), {bind})).skipped,
            std::vector<std::string>{"no release"});
  EXPECT_EQ(one(parse_oracle_oval, oval(kElsa + all(test("r")), {kOracle8})).skipped,
            std::vector<std::string>{"no package"});
  EXPECT_EQ(
      one(parse_oracle_oval, oval("<title>ELBA-1: a repair</title>" + all(test("r") + test("b")), {kOracle8, bind}))
          .skipped,
      std::vector<std::string>{"an update that fixes no vulnerability"});
}

const std::string kSuse =
    "<title>CVE-2021-1</title><advisory><severity>Important</severity><issued date='2021-04-30'/>"
    "<updated date='2021-07-03'/></advisory>";
const PackageTest kSles{"s", "sles-release is ==15", "sles-release", "<version operation='equals'>15</version>"};
const PackageTest kBase{"m", "sle-module-basesystem-release is ==15", "sle-module-basesystem-release",
                        "<version operation='equals'>15</version>"};

// Criteria name products in their comments.
std::string suse(const std::string& packages, const std::vector<PackageTest>& tests) {
  std::vector<PackageTest> every{kSles, kBase};
  every.insert(every.end(), tests.begin(), tests.end());
  return oval(kSuse + all(any(test("s", "SUSE Linux Enterprise Server 15 is installed") +
                              test("m", "SUSE Linux Enterprise Module for Basesystem 15 is installed")) +
                          packages),
              every);
}

TEST(SuseOval, ReadsAFixForEachProduct) {
  const FeedRecord record =
      one(parse_suse_oval,
          suse(test("k"),
               {{"k", "", "kernel", "<arch operation='pattern match'>(aarch64|x86_64)</arch>" + earlier("0:4-1")}}));
  EXPECT_EQ(record.modified, "2021-07-03T00:00:00Z");
  EXPECT_EQ(record.advisories.at(0).id, "CVE-2021-1");
  EXPECT_EQ(record.advisories[0].severity, Severity::high);
  AffectedPackage server{"SUSE", "kernel", {{"", "0:4-1", ""}}};
  server.scope.product = "SUSE Linux Enterprise Server 15";
  server.scope.architectures = {"aarch64", "x86_64"};
  AffectedPackage module = server;
  module.scope.product = "SUSE Linux Enterprise Module for Basesystem 15";
  EXPECT_EQ(record.advisories[0].affected, (std::vector<AffectedPackage>{server, module}));
}

TEST(SuseOval, ATestThatIsMissingLeavesOtherStatementsAlone) {
  const FeedRecord record = one(parse_suse_oval, suse(any(test("k") + test("missing", "a-1-1 is installed")),
                                                      {{"k", "", "kernel", earlier("0:4-1")}}));
  ASSERT_EQ(record.advisories.at(0).affected.size(), 2u);
  EXPECT_TRUE(record.advisories[0].affected[0].unclear.empty());
  EXPECT_EQ(record.skipped, std::vector<std::string>(2, "no package"));
}

TEST(SuseOval, TellsAffectedFromNotAffected) {
  const auto statement = [](const std::string& state) {
    return one(parse_suse_oval, suse(test("k"), {{"k", "", "kernel", state}})).advisories.at(0).affected.at(0);
  };
  for (const std::string state :
       {"<version operation='equals'>0</version>", "<evr operation='less than'>0:0-0</evr>"}) {
    EXPECT_EQ(statement(state).status, AdvisoryStatus::not_affected) << state;
    EXPECT_EQ(statement(state).ranges, std::vector<VersionRange>{{}}) << state;
  }
  EXPECT_EQ(statement("<evr operation='greater than'>0:0-0</evr>").status, AdvisoryStatus::affected);
  EXPECT_EQ(statement("<evr operation='greater than'>0:0-0</evr>").ranges, std::vector<VersionRange>{{}});
  EXPECT_EQ(statement("<evr operation='6'>0:1-1</evr>").ranges, (std::vector<VersionRange>{{"", "0:1-1", ""}}));
  EXPECT_EQ(statement("<version operation='equals'>7</version>").unclear,
            std::vector<std::string>{"a condition that is not understood"});
}

const std::string kAzure =
    "<metadata><title>CVE-2023-1 affecting golang</title><reference source='CVE' ref_id='CVE-2023-1'/>"
    "<severity>Critical</severity><advisory_date>2023-05-03T16:24:32Z</advisory_date>";

TEST(AzureLinuxOval, ReadsStretchesOfVersions) {
  const FeedRecord record =
      one(parse_azure_linux_oval, oval(kAzure + "<patchable>true</patchable></metadata>" + all(test("f") + test("i")),
                                       {{"f", "", "golang", earlier("0:1.20-1.cm2")},
                                        {"i", "", "golang", "<evr operation='greater than'>0:1.19.cm2</evr>"}}));
  EXPECT_EQ(record.id, "d:1");
  EXPECT_EQ(record.modified, "2023-05-03T16:24:32Z");
  EXPECT_EQ(record.advisories.at(0).id, "CVE-2023-1");
  EXPECT_EQ(record.advisories[0].severity, Severity::critical);
  EXPECT_EQ(record.advisories[0].affected,
            (std::vector<AffectedPackage>{{"Azure Linux:2", "golang", {{"0:1.19.cm2", "0:1.20-1.cm2", ""}}}}));
}

TEST(AzureLinuxOval, TellsUnrepairedFromNeverApplicable) {
  const auto statement = [](const std::string& patchable) {
    return one(parse_azure_linux_oval,
               oval(kAzure + "<patchable>" + patchable + "</patchable></metadata>" + all(test("l")),
                    {{"l", "", "bind", "<evr operation='less than or equal'>0:9-1.azl3</evr>"}}))
        .advisories.at(0)
        .affected.at(0);
  };
  EXPECT_EQ(statement("false").ecosystem, "Azure Linux:3");
  EXPECT_EQ(statement("false").ranges, (std::vector<VersionRange>{{"", "", "0:9-1.azl3"}}));
  EXPECT_EQ(statement("Not Applicable").status, AdvisoryStatus::not_affected);
  EXPECT_EQ(statement("Not Applicable").ranges, std::vector<VersionRange>{{}});
}

TEST(AzureLinuxOval, CountsWhatHasNoRelease) {
  EXPECT_EQ(
      one(parse_azure_linux_oval, oval(kAzure + "</metadata>" + all(test("l")), {{"l", "", "bind", earlier("1-1")}}))
          .skipped,
      std::vector<std::string>{"no release"});
}

TEST(Oval, HasALimitForAlternatives) {
  std::string many;
  std::vector<PackageTest> tests{kOracle8};
  for (int i = 0; i < 500; ++i) {
    const std::string id = "t" + std::to_string(i);
    tests.push_back({id, "", "p" + id, earlier("1-1")});
    many += test(id);
  }
  EXPECT_EQ(parsed(parse_oracle_oval, oval(kElsa + all(any(many) + any(many)), tests)).error,
            "3: d:1: more than 200000 alternatives, or 20000 references");
}

TEST(Oval, ADefinitionHasAnId) {
  for (const Parse parse : {parse_oracle_oval, parse_suse_oval, parse_azure_linux_oval}) {
    EXPECT_EQ(parsed(parse, "<oval_definitions><definitions>\n<definition/></definitions></oval_definitions>").error,
              "2: a definition without id");
  }
}

TEST(Oval, ReadsDates) {
  EXPECT_EQ(oval_date("2007-06-26"), "2007-06-26T00:00:00Z");
  EXPECT_EQ(oval_date("2023-05-03T16:24:32Z"), "2023-05-03T16:24:32Z");
  for (const char* const text : {"", "2007", "26/06/2007", "2007-06-26 at noon"})
    EXPECT_EQ(oval_date(text), "") << text;
}

}  // namespace
}  // namespace initscan
