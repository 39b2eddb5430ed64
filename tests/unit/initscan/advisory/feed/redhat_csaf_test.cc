#include "initscan/advisory/feed/redhat_release.h"
#include "initscan/advisory/feed/rpm_component.h"
#include "tests/unit/initscan/advisory/feed/parsed.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

// A document about products "rhel8" (an operating system), "eus" and "shift", and components of them.
std::string document(const std::string& components, const std::string& vulnerability) {
  return R"({"document":{"category":"csaf_vex","tracking":{"id":"CVE-2024-1","status":"final",
      "current_release_date":"2024-02-01T00:00:00Z"}},
    "product_tree":{"branches":[{"category":"vendor","branches":[
      {"product":{"product_id":"rhel8","product_identification_helper":{"cpe":"cpe:/o:redhat:enterprise_linux:8"}}},
      {"product":{"product_id":"eus","product_identification_helper":{"cpe":"cpe:/a:redhat:rhel_eus:8.6::appstream"}}},
      {"product":{"product_id":"shift","product_identification_helper":{"cpe":"cpe:/a:redhat:openshift:4"}}},
      {"product":{"product_id":"other","product_identification_helper":{"cpe":"cpe:/a:acme:thing:1"}}},
      {"product":{"product_id":"nameless"}}]}],)" +
         components + R"(},"vulnerabilities":[{"cve":"CVE-2024-1",)" + vulnerability + "}]}";
}

// Components with purls, each a part of a product under the name PRODUCT:PLACE.
std::string parts(const std::vector<std::pair<std::string, std::string>>& product_and_purl) {
  std::string products;
  std::string relations;
  for (std::size_t i = 0; i < product_and_purl.size(); ++i) {
    const auto& [product, purl] = product_and_purl[i];
    const std::string comma = i == 0 ? "" : ",";
    const std::string id = "c" + std::to_string(i);
    products += comma + R"({"product_id":")" + id + R"(","product_identification_helper":{"purl":")" + purl + R"("}})";
    relations += comma + R"({"full_product_name":{"product_id":")" + product + ':' + std::to_string(i) +
                 R"("},"product_reference":")" + id + R"(","relates_to_product_reference":")" + product + R"("})";
  }
  return R"("full_product_names":[)" + products + R"(],"relationships":[)" + relations + "]";
}

FeedRecord one(const std::string& json) {
  Parsed result = parsed(parse_redhat_csaf, json);
  EXPECT_EQ(result.error, "");
  return result.records.empty() ? FeedRecord{} : std::move(result.records[0]);
}

TEST(RedHatCsaf, ReadsAFixByProduct) {
  const FeedRecord record = one(
      document(parts({{"eus", "pkg:rpm/redhat/nodejs@16.1-1.module%2Bel8?arch=x86_64&epoch=1&rpmmod=nodejs:16:80:ad"}}),
               R"("title":"A flaw","release_date":"2024-01-01T00:00:00Z","product_status":{"fixed":["eus:0"]},
        "threats":[{"category":"impact","details":"Important"}],
        "scores":[{"cvss_v3":{"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"},"products":["eus:0"]}])"));
  EXPECT_EQ(record.id, "CVE-2024-1");
  EXPECT_EQ(record.modified, "2024-02-01T00:00:00Z");
  ASSERT_EQ(record.advisories.size(), 1u);
  Advisory want;
  want.id = "CVE-2024-1";
  want.severity = Severity::high;
  want.cvss = 7.5;
  want.published = "2024-01-01T00:00:00Z";
  want.summary = "A flaw";
  AffectedPackage affected{"Red Hat:8", "nodejs", {{"", "1:16.1-1.module+el8", ""}}};
  affected.severity = Severity::high;
  affected.cvss = 7.5;
  affected.scope.cpes = {"cpe:/a:redhat:rhel_eus:8.6::appstream"};
  affected.scope.module = "nodejs:16";
  affected.scope.architectures = {"x86_64"};
  want.affected = {affected};
  EXPECT_EQ(record.advisories[0], want);
}

TEST(RedHatCsaf, JoinsArchitectures) {
  const FeedRecord record = one(document(parts({{"rhel8", "pkg:rpm/redhat/a@1-1?arch=x86_64"},
                                                {"rhel8", "pkg:rpm/redhat/a@1-1?arch=aarch64"},
                                                {"rhel8", "pkg:rpm/redhat/b@1-1?arch=x86_64"},
                                                {"rhel8", "pkg:rpm/redhat/b@1-1?arch=src"}}),
                                         R"("product_status":{"fixed":["rhel8:0","rhel8:1","rhel8:2","rhel8:3"]})"));
  ASSERT_EQ(record.advisories.at(0).affected.size(), 2u);
  EXPECT_EQ(record.advisories[0].affected[0].scope.architectures, (std::vector<std::string>{"x86_64", "aarch64"}));
  EXPECT_EQ(record.advisories[0].affected[1].scope.architectures, std::vector<std::string>{});
  EXPECT_EQ(record.skipped, std::vector<std::string>(2, "fixed: one more architecture of a package"));
}

struct StatusCase {
  const char* name;
  std::string status;  // a list of `product_status`
  std::string repair;  // a remediation's category and details
  AdvisoryStatus want;
};

class RedHatCsafStatus : public testing::TestWithParam<StatusCase> {};

TEST_P(RedHatCsafStatus, IsTold) {
  const FeedRecord record = one(document(
      parts({{"rhel8", "pkg:rpm/redhat/a?arch=src"}}), R"("product_status":{")" + GetParam().status + R"(":["rhel8:0"]},
      "remediations":[)" + GetParam().repair + "]"));
  ASSERT_EQ(record.advisories.at(0).affected.size(), 1u);
  AffectedPackage want{"Red Hat:8", "a", {{}}};
  want.scope.cpes = {"cpe:/o:redhat:enterprise_linux:8"};
  want.status = GetParam().want;
  EXPECT_EQ(record.advisories[0].affected[0], want);
}

std::string repair(const std::string& category, const std::string& details) {
  return R"({"category":")" + category + R"(","details":")" + details + R"(","product_ids":["rhel8:0"]})";
}

INSTANTIATE_TEST_SUITE_P(
    Table, RedHatCsafStatus,
    testing::Values(
        StatusCase{"Affected", "known_affected", "", AdvisoryStatus::affected},
        StatusCase{"StillAffected", "known_affected", repair("none_available", "Affected"), AdvisoryStatus::affected},
        StatusCase{"Deferred", "known_affected", repair("none_available", "Fix deferred"), AdvisoryStatus::deferred},
        StatusCase{"WillNotFix", "known_affected", repair("no_fix_planned", "Will not fix"),
                   AdvisoryStatus::will_not_fix},
        StatusCase{"OutOfSupport", "known_affected", repair("no_fix_planned", "Out of support scope"),
                   AdvisoryStatus::end_of_life},
        StatusCase{"AWorkaround", "known_affected", repair("workaround", "Do not"), AdvisoryStatus::affected},
        StatusCase{"UnderInvestigation", "under_investigation", "", AdvisoryStatus::under_investigation},
        StatusCase{"NotAffected", "known_not_affected", "", AdvisoryStatus::not_affected}),
    [](const auto& test) { return test.param.name; });

TEST(RedHatCsaf, ABuildThatIsNotAffectedSaysNothingOfOthers) {
  const FeedRecord record = one(document(parts({{"rhel8", "pkg:rpm/redhat/a@1-1?arch=x86_64"}}),
                                         R"("product_status":{"known_not_affected":["rhel8:0"]})"));
  EXPECT_EQ(record.advisories.at(0).affected.at(0).versions, std::vector<std::string>{"1-1"});
  EXPECT_TRUE(record.advisories[0].affected[0].ranges.empty());
}

struct Skipped {
  const char* name;
  std::string product;
  std::string purl;
  std::string list;
  std::string want;
};

class RedHatCsafSkips : public testing::TestWithParam<Skipped> {};

TEST_P(RedHatCsafSkips, WithAReason) {
  const FeedRecord record =
      one(document(parts({{GetParam().product, GetParam().purl}}),
                   R"("product_status":{")" + GetParam().list + R"(":[")" + GetParam().product + R"(:0"]})"));
  EXPECT_EQ(record.advisories.at(0).affected.size(), 0u);
  EXPECT_EQ(record.skipped, std::vector<std::string>{GetParam().want});
}

INSTANTIATE_TEST_SUITE_P(
    Table, RedHatCsafSkips,
    testing::Values(
        Skipped{"AnImage", "shift", "pkg:oci/a@sha256:1", "fixed", "fixed: a container image"},
        Skipped{"AComponentOfMiddleware", "shift", "", "known_affected",
                "affected: a component of a product that is no operating system, without a purl"},
        Skipped{"AnotherType", "rhel8", "pkg:maven/a/b@1", "known_affected", "affected: a purl that is not understood"},
        Skipped{"ABadEscape", "rhel8", "pkg:rpm/redhat/a%2?arch=src", "known_affected",
                "affected: a purl that is not understood"},
        Skipped{"NoCpe", "nameless", "pkg:rpm/redhat/a", "known_affected", "affected: a product without a CPE"},
        Skipped{"AnotherVendor", "other", "pkg:rpm/redhat/a", "known_affected",
                "affected: a product of another vendor"},
        Skipped{"NoFix", "rhel8", "pkg:rpm/redhat/a", "fixed", "fixed: no version of its fix"},
        Skipped{"NotAffectedInAModule", "rhel8", "pkg:rpm/redhat/a?rpmmod=a", "known_not_affected",
                "not affected: the stream of its module is not given"},
        Skipped{"AnUnknownList", "rhel8", "pkg:rpm/redhat/a", "recommended", "a product status that is not known"}),
    [](const auto& test) { return test.param.name; });

TEST(RedHatCsaf, AProductAsAWholeIsCounted) {
  EXPECT_EQ(one(document(R"("relationships":[])", R"("product_status":{"fixed":["shift"]})")).skipped,
            std::vector<std::string>{"fixed: a product as a whole"});
}

TEST(RedHatCsaf, AnUnclearModuleLeavesItsPackageUndecided) {
  const FeedRecord record = one(document(parts({{"rhel8", "pkg:rpm/redhat/a@1-1?arch=src&rpmmod=rhel8"}}),
                                         R"("product_status":{"fixed":["rhel8:0"]})"));
  EXPECT_EQ(record.advisories.at(0).affected.at(0).unclear,
            std::vector<std::string>{"the stream of its module is not given"});
  EXPECT_TRUE(record.advisories[0].affected[0].ranges.empty());
}

TEST(RedHatCsaf, ReadsDocumentsFromBeforeThereWerePurls) {
  const FeedRecord record = one(document(R"("relationships":[
      {"full_product_name":{"product_id":"a"},"product_reference":"telnet-1:0.17-65.el7_6.x86_64",
       "relates_to_product_reference":"rhel8"},
      {"full_product_name":{"product_id":"b"},"product_reference":"kernel","relates_to_product_reference":"rhel8"}])",
                                         R"("product_status":{"fixed":["a"],"known_affected":["b"]})"));
  const auto& affected = record.advisories.at(0).affected;
  ASSERT_EQ(affected.size(), 2u);
  EXPECT_EQ(affected[0].name, "telnet");
  EXPECT_EQ(affected[0].ranges, (std::vector<VersionRange>{{"", "1:0.17-65.el7_6", ""}}));
  EXPECT_EQ(affected[1].name, "kernel");
}

TEST(RedHatCsaf, ReadsPackagesThatAreNestedInTheirModule) {
  const FeedRecord record = one(document(R"("full_product_names":[
      {"product_id":"m","product_identification_helper":{"purl":"pkg:rpmmod/redhat/nodejs@16:8060020220930:ad"}},
      {"product_id":"p","product_identification_helper":{"purl":"pkg:rpm/redhat/npm@8-1?arch=x86_64"}}],
    "relationships":[
      {"full_product_name":{"product_id":"eus:m"},"product_reference":"m","relates_to_product_reference":"eus"},
      {"full_product_name":{"product_id":"eus:m:p"},"product_reference":"p","relates_to_product_reference":"eus:m"}])",
                                         R"("product_status":{"fixed":["eus:m:p"]})"));
  ASSERT_EQ(record.advisories.at(0).affected.size(), 1u);
  EXPECT_EQ(record.advisories[0].affected[0].scope.module, "nodejs:16");
  EXPECT_EQ(record.advisories[0].affected[0].scope.cpes,
            std::vector<std::string>{"cpe:/a:redhat:rhel_eus:8.6::appstream"});
}

TEST(RedHatCsaf, MembersMayComeInAnyOrder) {
  const FeedRecord record = one(R"({"vulnerabilities":[{"product_status":{"fixed":["8:a"]},"cve":"CVE-2024-1"}],
    "product_tree":{"relationships":[{"relates_to_product_reference":"8","product_reference":"a-1-1.src",
      "full_product_name":{"product_id":"8:a"}}],"full_product_names":[
      {"product_identification_helper":{"cpe":"cpe:/o:redhat:enterprise_linux:8"},"product_id":"8"}]},
    "document":{"tracking":{"id":"CVE-2024-1"},"category":"csaf_vex"}})");
  ASSERT_EQ(record.advisories.at(0).affected.size(), 1u);
  EXPECT_EQ(record.advisories[0].affected[0].ranges, (std::vector<VersionRange>{{"", "1-1", ""}}));
}

TEST(RedHatCsaf, ReadsWhatIsDeleted) {
  const FeedRecord record = one(R"({"document":{"tracking":{"id":"CVE-2023-30","status":"deleted"}}})");
  EXPECT_TRUE(record.withdrawn);
  EXPECT_EQ(record.id, "CVE-2023-30");
  EXPECT_EQ(record.skipped, std::vector<std::string>{"withdrawn"});
}

TEST(RedHatCsaf, RejectsWithAPlace) {
  const auto error = [](const std::string& json) { return parsed(parse_redhat_csaf, json).error; };
  EXPECT_EQ(error(R"({"document":{"category":"csaf_base","tracking":{"id":"A"}}})"),
            "document.category: want csaf_vex or csaf_security_advisory");
  EXPECT_EQ(error(R"({"document":{"category":"csaf_vex"}})"), "document.tracking.id: want an id");
  EXPECT_EQ(error(document(R"("relationships":[])", R"("product_status":{"fixed":"a"})")).substr(0, 29),
            "vulnerabilities[0]: not CSAF:");
  EXPECT_EQ(error(document(R"("relationships":7)", R"("product_status":{})")).substr(0, 23), "product_tree: not CSAF:");
  EXPECT_EQ(error("{}"), "document.tracking.id: want an id");
  const std::string head = R"({"document":{"category":"csaf_vex","tracking":{"id":"A"}})";
  EXPECT_EQ(error(head + "}"), "product_tree: it is missing");
  EXPECT_EQ(error(head + R"(,"product_tree":{}})"), "vulnerabilities: want one at least");
  EXPECT_EQ(error(R"({"document":7})").substr(0, 18), "document: not CSAF");
  EXPECT_EQ(error("").substr(0, 8), "not CSAF");
  std::string deep = R"({"document":{"category":"csaf_vex","tracking":{"id":"A"}},"product_tree":)";
  for (int i = 0; i < 40; ++i) deep += R"({"branches":[)";
  for (int i = 0; i < 40; ++i) deep += "]}";
  EXPECT_EQ(error(deep + "}"), "product_tree: branches: more than 32 within each other");
}

TEST(RedHatRelease, IsThatOfTheProductOrOfWhatItIsBuiltFor) {
  EXPECT_EQ(redhat_ecosystem("cpe:/o:redhat:enterprise_linux:8::baseos"), "Red Hat:8");
  EXPECT_EQ(redhat_ecosystem("cpe:/o:redhat:rhel_eus:8.6::baseos"), "Red Hat:8");
  EXPECT_EQ(redhat_ecosystem("cpe:/a:redhat:openshift:4.16::el9"), "Red Hat:9");
  EXPECT_EQ(redhat_ecosystem("cpe:/a:redhat:rhel_software_collections:3::el7"), "Red Hat:7");
  EXPECT_EQ(redhat_ecosystem("cpe:/a:redhat:jboss_data_grid:7"), "Red Hat");
  EXPECT_EQ(redhat_ecosystem("cpe:/a:acme:thing:1::el9"), "");
  EXPECT_EQ(redhat_ecosystem(""), "");
}

TEST(RpmComponent, IsReadFromItsName) {
  EXPECT_EQ(rpm_of_nevra("a-b-1:2-3.el8.noarch"), (RpmComponent{"a-b", "1:2-3.el8", "noarch", "", false}));
  for (const char* const text : {"", "kernel", "a-1.x86_64", "-1-2.x86_64", "a--2.x86_64", "a-1-.x86_64", "a-1-2."})
    EXPECT_FALSE(rpm_of_nevra(text)) << text;
}

}  // namespace
}  // namespace initscan
