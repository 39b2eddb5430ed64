#include "initscan/advisory/overlay/overlay_sources.h"

#include "initscan/advisory/overlay/csv.h"
#include "initscan/advisory/overlay/cve_key.h"
#include "initscan/model/overlay_lookup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

// "CVE-2021-44228 since 18971 epss 94000 of 99000"
std::string words_of(const ExploitationRecord& record) {
  std::string words = "CVE-" + std::to_string(record.year) + '-' + std::to_string(record.number);
  if (record.known_since != 0) words += " since " + std::to_string(record.known_since);
  if (record.epss != kNoEpss)
    words += " epss " + std::to_string(record.epss) + " of " + std::to_string(record.percentile);
  return words;
}

// Everything that a source says, or its error.
std::vector<std::string> all_of(const Result<OverlayPart>& part) {
  if (!part) return {"error: " + part.error().text};
  std::vector<std::string> all{"date " + part->date + " model " + part->model};
  for (const ExploitationRecord& record : part->vulnerabilities) all.push_back(words_of(record));
  for (const auto& [name, day] : part->ends) all.push_back(name + " until " + std::to_string(day));
  for (const auto& [reason, count] : part->skipped) all.push_back("skipped " + std::to_string(count) + ": " + reason);
  return all;
}

TEST(CveKey, IsTheOrderOfYearsAndNumbers) {
  EXPECT_LT(cve_key("CVE-1999-9999"), cve_key("CVE-2000-0001"));
  EXPECT_LT(cve_key("CVE-2021-9999"), cve_key("CVE-2021-44228"));
  EXPECT_EQ(cve_key("CVE-2021-0044228"), cve_key("CVE-2021-44228"));
  EXPECT_EQ(cve_key("cve-2021-44228"), cve_key("CVE-2021-44228"));
  for (const char* const other : {"", "CVE-", "CVE-2021", "CVE-2021-", "CVE-21-1", "CVE-2021-1x", "CVE-2021-1234567890",
                                  "GHSA-2345-6789-cfgh", "CVE-2O21-1"}) {
    EXPECT_FALSE(cve_key(other)) << other;
  }
}

std::vector<std::vector<std::string>> rows_of(std::string_view text) {
  CsvReader reader(text);
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> fields;
  for (;;) {
    const auto is_there = reader.next(fields);
    if (!is_there) return {{"error", is_there.error().text}};
    if (!*is_there) return rows;
    rows.push_back(fields);
  }
}

TEST(Csv, ReadsRows) {
  EXPECT_THAT(rows_of(""), ElementsAre());
  EXPECT_THAT(rows_of("a,b\r\nc,\n"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "")));
  EXPECT_THAT(rows_of("\"a, \"\"b\"\"\n\",c"), ElementsAre(ElementsAre("a, \"b\"\n", "c")));
  EXPECT_THAT(rows_of("a\n\nb"), ElementsAre(ElementsAre("a"), ElementsAre(""), ElementsAre("b")));
  EXPECT_THAT(rows_of("a\n\"b\n"), ElementsAre(ElementsAre("error", "2: a quotation mark is never closed")));
  EXPECT_THAT(rows_of("a\n\"b\"c"),
              ElementsAre(ElementsAre("error", "2: want a comma or the end of the line after a field")));
  EXPECT_THAT(rows_of(std::string(kMaxCsvFields, ',')), ElementsAre(ElementsAre("error", "1: too many fields")));
  for (const char* const mark : {"", "\""}) {
    EXPECT_THAT(rows_of(mark + std::string(kMaxCsvFieldBytes + 1, 'x') + mark),
                ElementsAre(ElementsAre("error", "1: a field that is too long")));
  }
}

TEST(Kev, IsReadFromEitherForm) {
  EXPECT_THAT(
      all_of(parse_kev(R"({"dateReleased":"2025-02-19T14:08:44.5021Z","count":2,"vulnerabilities":[
      {"cveID":"CVE-2025-0108","dateAdded":"2025-02-18","notes":"x"},{"cveID":"TEMP-1","dateAdded":"2025-02-18"}]})")),
      ElementsAre("date 2025-02-19T14:08:44Z model ", "CVE-2025-108 since 20137", "skipped 1: names that are no CVE"));
  EXPECT_THAT(all_of(parse_kev("\xef\xbb\xbf"
                               "cveID,product,dateAdded\nCVE-2025-2,\"a, b\",2025-02-18\nCVE-2021-1,c,1970-01-02\n")),
              ElementsAre("date 2025-02-18T00:00:00Z model ", "CVE-2025-2 since 20137", "CVE-2021-1 since 1"));
}

TEST(Kev, ThatIsCutOffOrOddIsNone) {
  const auto error = [](const char* text) { return all_of(parse_kev(text)).front(); };
  EXPECT_EQ(error(""), "error: 1: want columns cveID and dateAdded");
  EXPECT_EQ(error("{}"), "error: want a list \"vulnerabilities\"");
  EXPECT_THAT(error("{\"vulnerabilities\":["), HasSubstr("error: not JSON"));
  EXPECT_EQ(error(R"({"count":2,"vulnerabilities":[{"cveID":"CVE-2025-0108","dateAdded":"2025-02-18"}]})"),
            "error: says that it has 2 entries, and has 1");
  EXPECT_EQ(error(R"({"vulnerabilities":[{"cveID":"CVE-2025-0108"}]})"),
            "error: \"CVE-2025-0108\": dateAdded: want a day such as 2026-01-31");
  EXPECT_EQ(error(R"({"vulnerabilities":[7]})"), "error: \"\": dateAdded: want a day such as 2026-01-31");
  EXPECT_EQ(error("cveID,dateAdded\nCVE-2021-1,1970-01-01\n"),
            "error: 2: \"CVE-2021-1\": dateAdded: want a day such as 2026-01-31");
  EXPECT_EQ(error("cveID,dateAdded\nCVE-2021-1\n"), "error: 2: want 2 fields, as the first line has");
}

TEST(Epss, HasAModelADateAndScores) {
  EXPECT_THAT(all_of(parse_epss("#model_version:v2025.03.14,score_date:2025-02-20T00:00:00+0000\ncve,epss,percentile\n"
                                "CVE-1999-0001,0.00383,0.73075\nCVE-2021-44228,1e-05,1\nX-1,0,0\n")),
              ElementsAre("date 2025-02-20T00:00:00Z model v2025.03.14", "CVE-1999-1 epss 383 of 73075",
                          "CVE-2021-44228 epss 1 of 100000", "skipped 1: names that are no CVE"));
  EXPECT_THAT(all_of(parse_epss("cve,epss,percentile\nCVE-1999-0001,0,0")),
              ElementsAre("date  model ", "CVE-1999-1 epss 0 of 0"));
  EXPECT_THAT(all_of(parse_epss("#score_date:2025-02-20T12:55:00Z\r\ncve,epss,percentile\r\n")),
              ElementsAre("date 2025-02-20T12:55:00Z model "));
}

TEST(Epss, ThatIsOddIsNone) {
  const auto error = [](const std::string& text) { return all_of(parse_epss(text)).front(); };
  EXPECT_EQ(error(""), "error: 1: want the head cve,epss,percentile");
  EXPECT_EQ(error("#model_version:v1\ninvalid,header,format\n"), "error: 2: want the head cve,epss,percentile");
  EXPECT_EQ(error("#score_date:yesterday\n"), "error: 1: score_date: want a time such as 2026-01-31T00:00:00Z");
  EXPECT_EQ(error("#model_version:" + std::string(33, 'v')), "error: 1: model_version: too long");
  const std::string head = "#x\ncve,epss,percentile\n";
  EXPECT_EQ(error(head + "CVE-2021-1,0.5\n"), "error: 3: want a CVE and two numbers");
  for (const char* const bad : {"", "1.1", "-0.1", "nan", "0.5x", " 0.5"}) {
    EXPECT_EQ(error(head + "CVE-2021-1,0.5," + bad + "\n"), "error: 3: want two numbers from 0 to 1") << bad;
    EXPECT_EQ(error(head + "CVE-2021-1," + bad + ",0.5\n"), "error: 3: want two numbers from 0 to 1") << bad;
  }
}

TEST(EndOfLife, IsReadOfDistributionsAlone) {
  EXPECT_THAT(
      all_of(parse_end_of_life(R"({"generated_at":"2026-01-02T03:04:05+00:00","result":[
      {"name":"python","releases":[{"name":"2.7","eolFrom":"2020-01-01"}]},
      {"name":"ubuntu","releases":[{"name":"18.04","isEol":true,"eolFrom":"1970-01-11","eoesFrom":"2028-04-26"},
                                   {"name":"30.04","isEol":false,"eolFrom":null},{"name":"devel","eolFrom":"2030-01-01"}]},
      {"name":"debian","releases":[{"name":"12","eolFrom":"1970-01-11","eoesFrom":"1970-01-21"},
                                   {"name":"13","eolFrom":"1970-01-31","eoesFrom":false}]},
      {"name":"centos","releases":[{"name":"8","eolFrom":"1970-01-03"}]},
      {"name":"centos-stream","releases":[{"name":"8","eolFrom":"1970-01-05"}]},
      {"name":"amazon-linux","releases":[{"name":"2018.03","eolFrom":"1970-01-02"}]}]})")),
      ElementsAre("date 2026-01-02T03:04:05Z model ", "amzn 2018 until 1", "centos 8 until 4", "debian 12 until 20",
                  "debian 13 until 30", "ubuntu 18.04 until 10", "skipped 1: products that are no distribution",
                  "skipped 1: releases whose end is not known", "skipped 1: releases without a number"));
  EXPECT_THAT(all_of(parse_end_of_life(
                  R"({"result":{"name":"alpine-linux","releases":[{"name":"3.20","eolFrom":"1970-01-02"}]}})")),
              ElementsAre("date  model ", "alpine 3.20 until 1"));
}

TEST(EndOfLife, ThatIsOddIsNone) {
  const auto error = [](const char* text) { return all_of(parse_end_of_life(text)).front(); };
  EXPECT_EQ(error(""), "error: not JSON: there is nothing");
  EXPECT_EQ(error("[]"), "error: want a member \"result\"");
  EXPECT_EQ(error(R"({"result":[7]})"), "error: \"\": want a product with a name and a list \"releases\"");
  EXPECT_EQ(error(R"({"result":[{"name":"debian"}]})"),
            "error: \"debian\": want a product with a name and a list \"releases\"");
  EXPECT_EQ(error(R"({"result":[{"name":"debian","releases":[{"name":"12","eolFrom":"soon"}]}]})"),
            "error: debian: \"12\": eolFrom: want a day such as 2026-01-31");
}

}  // namespace
}  // namespace initscan
