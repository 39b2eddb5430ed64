#include "initscan/analyze/apk_db.h"

#include "initscan/analyze/analyzer.h"
#include "initscan/model/package_limits.h"

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

TEST_P(ApkDb, IsReadOrSaysWhyNot) {
  std::vector<Package> packages;
  const auto parsed = parse_apk_db(GetParam().text, "lib/apk/db/installed", packages);
  EXPECT_EQ(parsed ? "" : parsed.error().text, GetParam().error);
  EXPECT_EQ(packages, GetParam().want);
}

const std::string kLongest(kMaxNameBytes, '1');
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
        Case{"TwoRecordsThatRunIntoEachOther", kZlib + "P:musl\nV:1.2-r0\n\n", {}, "4: P: is given twice in a record"},
        Case{"FieldTwice", kZlib + "V:1.2-r0\n\n", {}, "4: V: is given twice in a record"},
        Case{"AnyFieldOfThePackageTwice", kZlib + "L:MIT\nL:MIT\n\n", {}, "5: L: is given twice in a record"},
        Case{"FieldsOfFilesStandOften",
             kZlib + "F:lib\nM:0:0:755\nR:a\nZ:Q1\nR:b\na:0:0:755\nZ:Q1\nF:usr\nM:0:0:755\n\n",
             {apk("zlib", "1.3-r0", "zlib")},
             ""},
        Case{"ALineOfABlank", kZlib + " \nP:musl\nV:1\n\n", {}, "4: want X:value"},
        Case{"LineEndsOfAnotherSystem", "P:a\r\nV:1\r\n\r\nP:b\r\n", {}, "3: want X:value"},
        Case{"NulByte", kZlib + "T:" + std::string(9, '\0') + "\n\n", {}, "4: a NUL byte"},
        Case{"LetterThatIsNone", kZlib + "\xff:x\n\n", {}, "4: want X:value"},
        Case{"NameThatIsNone", "P:mu\xffsl\nV:1\n\n", {}, "1: P: or o: is not a package name: \"mu\xffsl\""},
        Case{"OriginThatIsNone", kZlib + "o:a b\n\n", {}, "1: P: or o: is not a package name: \"a b\""},
        Case{"VirtualPackage", "P:.deps\nV:0\nA:x86_64\n\n", {apk(".deps", "0", ".deps")}, ""},
        Case{"CutInALine",
             kZlib + "\nP:musl\nV:1.2",
             {apk("zlib", "1.3-r0", "zlib")},
             "6: cut short: no line break at the end"},
        Case{"OriginOfTwoNames", kZlib + "o:a,b\n\n", {}, "1: P: or o: is not a package name: \"a,b\""},
        Case{"LongName",
             "P:" + std::string(kMaxNameBytes + 1, 'a') + "\nV:1\n",
             {},
             "1: its name is longer than 255 bytes"},
        Case{"LongOrigin",
             kZlib + "o:" + std::string(kMaxNameBytes + 1, 'a') + "\n",
             {},
             "1: its source's name is longer than 255 bytes"},
        Case{"LongVersion",
             kZlib + "\nP:b\nV:" + std::string(kMaxVersionBytes + 1, '1') + "\n",
             {apk("zlib", "1.3-r0", "zlib")},
             "5: its version is longer than 255 bytes"},
        Case{"AsLongAsMayBe",
             "P:" + kLongest + "\nV:" + kLongest + "\nA:x86_64\n",
             {apk(kLongest, kLongest, kLongest)},
             ""}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan
