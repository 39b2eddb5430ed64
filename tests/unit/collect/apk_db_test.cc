#include "initscan/analyze/apk_db.h"

#include "initscan/analyze/analyzer.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

Package apk(std::string name, std::string version, std::string origin) {
  return {PackageType::apk, std::move(name), version, "x86_64", std::move(origin), version, "lib/apk/db/installed"};
}

struct Case {
  const char* name;
  std::string text;
  std::vector<Package> want;
  std::string error;  // empty: must parse
};

class ApkDb : public testing::TestWithParam<Case> {};

TEST_P(ApkDb, Parses) {
  std::vector<Package> packages;
  const auto parsed = parse_apk_db(GetParam().text, "lib/apk/db/installed", packages);
  EXPECT_EQ(parsed ? "" : parsed.error().text, GetParam().error);
  EXPECT_EQ(packages, GetParam().want);
}

const std::string kZlib = "P:zlib\nV:1.3-r0\nA:x86_64\n";

INSTANTIATE_TEST_SUITE_P(
    Table, ApkDb,
    testing::Values(
        Case{"Empty", "", {}, ""}, Case{"One", kZlib + "\n", {apk("zlib", "1.3-r0", "zlib")}, ""},
        Case{"Origin", kZlib + "o:zlib-src\n\n", {apk("zlib", "1.3-r0", "zlib-src")}, ""},
        Case{"NoEmptyLineAtTheEnd", kZlib, {apk("zlib", "1.3-r0", "zlib")}, ""},
        Case{"OtherFieldsAreSkipped",
             "C:Q1abc=\n" + kZlib + "F:lib\nR:libz.so\na:0:0:755\nZ:Q1x\n\n",
             {apk("zlib", "1.3-r0", "zlib")},
             ""},
        Case{"NoName", "V:1\nA:x86_64\n\n", {}, "1: a record without P:"},
        Case{"NoVersion", kZlib + "\nP:b\n\n", {apk("zlib", "1.3-r0", "zlib")}, "5: a record without V:"},
        Case{"NoColon", "P:a\nrubbish\n", {}, "2: want X:value"},
        Case{"CutInALine",
             kZlib + "\nP:musl\nV:1.2",
             {apk("zlib", "1.3-r0", "zlib")},
             "6: cut short: no line break at the end"},
        Case{"LongField", "P:" + std::string(kMaxFieldBytes + 1, 'a') + "\n", {}, "1: a field that is too long"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan
