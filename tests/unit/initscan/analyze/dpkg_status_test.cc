#include "initscan/analyze/dpkg_status.h"

#include "initscan/analyze/analyzer.h"
#include "initscan/model/package_limits.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

Package deb(std::string name, std::string version, std::string source, std::string source_version) {
  return {PackageType::deb,  std::move(name),           std::move(version),   "amd64",
          std::move(source), std::move(source_version), "var/lib/dpkg/status"};
}

struct Case {
  const char* name;
  DpkgShape shape;
  std::string text;
  std::vector<Package> want;  // those that are installed
  std::string error;          // empty: must parse
};

class DpkgStatus : public testing::TestWithParam<Case> {};

TEST_P(DpkgStatus, IsReadOrSaysWhyNot) {
  const Case& c = GetParam();
  std::vector<DpkgEntry> entries;
  const auto parsed = parse_dpkg_status(c.text, "var/lib/dpkg/status", c.shape, entries);
  EXPECT_EQ(parsed ? "" : parsed.error().text, c.error);
  std::vector<Package> installed;
  for (const DpkgEntry& entry : entries) {
    if (entry.installed) installed.push_back(entry.package);
  }
  EXPECT_EQ(installed, c.want);
}

const std::string kInstalled = "Status: install ok installed\n";
const std::string kAmd64 = "Architecture: amd64\n";
const std::string kA = "Package: a\n" + kInstalled + kAmd64 + "Version: 1\n";

INSTANTIATE_TEST_SUITE_P(
    Table, DpkgStatus,
    testing::Values(
        Case{"Empty", DpkgShape::status, "", {}, ""}, Case{"OnlyEmptyLines", DpkgShape::status, "\n\n\n", {}, ""},
        Case{"One", DpkgShape::status, kA + "\n", {deb("a", "1", "a", "1")}, ""},
        Case{"NoEmptyLineAtTheEnd", DpkgShape::status, kA, {deb("a", "1", "a", "1")}, ""},
        Case{"SourceName", DpkgShape::status, kA + "Source: s\n\n", {deb("a", "1", "s", "1")}, ""},
        Case{"SourceVersion", DpkgShape::status, kA + "Source: s (2:0.9-1)\n\n", {deb("a", "1", "s", "2:0.9-1")}, ""},
        Case{"FieldNamesHaveNoCase",
             DpkgShape::status,
             "PACKAGE: a\nstatus: install ok installed\nArchitecture: amd64\nVERSION: 1\n\n",
             {deb("a", "1", "a", "1")},
             ""},
        Case{"FoldedLinesAreNoFields",
             DpkgShape::status,
             kA + "Description: d\n Version: 9\n\tPackage: z\n .\n\n",
             {deb("a", "1", "a", "1")},
             ""},
        Case{"RemovedIsNotInstalled",
             DpkgShape::status,
             "Package: a\nStatus: deinstall ok config-files\nVersion: 1\n\n",
             {},
             ""},
        Case{"NeverInstalledNeedsNoVersion",
             DpkgShape::status,
             "Package: a\nStatus: unknown ok not-installed\n\n",
             {},
             ""},
        Case{"HalfConfiguredHasItsFiles",
             DpkgShape::status,
             "Package: a\nStatus: install ok half-configured\n" + kAmd64 + "Version: 1\n\n",
             {deb("a", "1", "a", "1")},
             ""},
        Case{"ControlFileNeedsNoStatus",
             DpkgShape::control,
             "Package: a\n" + kAmd64 + "Version: 1",
             {deb("a", "1", "a", "1")},
             ""},
        Case{"NoStatus", DpkgShape::status, "Package: a\nVersion: 1\n\n", {}, "1: a stanza without Status"},
        Case{"NoPackage", DpkgShape::status, "\n" + kInstalled + "Version: 1\n\n", {}, "2: a stanza without Package"},
        Case{"NoVersion",
             DpkgShape::status,
             kA + "\nPackage: b\n" + kInstalled + "\n",
             {deb("a", "1", "a", "1")},
             "6: an installed package without Version"},
        Case{"NoColon", DpkgShape::status, kA + "rubbish\n", {}, "5: a field without a colon"},
        Case{"NulByte",
             DpkgShape::status,
             kA + "\n" + std::string(20, '\0') + "Package: b\n",
             {deb("a", "1", "a", "1")},
             "6: a NUL byte"},
        Case{"NulByteInAFoldedLine",
             DpkgShape::status,
             kA + "Description: d\n rest" + std::string(20, '\0') + " of another\n\n",
             {},
             "6: a NUL byte"},
        Case{"RubbishForAFieldName",
             DpkgShape::status,
             kA + "\n\x80\x91 junk: junk\n",
             {deb("a", "1", "a", "1")},
             "6: what comes before the colon is not a field name"},
        Case{"BlankInAFieldName",
             DpkgShape::status,
             kA + "Multi Arch: same\n",
             {},
             "5: what comes before the colon is not a field name"},
        Case{"NoFieldName", DpkgShape::status, kA + ": x\n", {}, "5: what comes before the colon is not a field name"},
        Case{"FieldTwice",
             DpkgShape::status,
             kA + "Version: 2\n\n",
             {},
             "5: the field Version is given twice in a stanza"},
        Case{"AnyFieldTwiceWhateverItsCase",
             DpkgShape::status,
             kA + "Section: a\nsection: b\n\n",
             {},
             "6: the field section is given twice in a stanza"},
        Case{"TwoStanzasThatRunIntoEachOther",
             DpkgShape::status,
             kA + kA + "\n",
             {},
             "5: the field Package is given twice in a stanza"},
        Case{"ALineOfBlanksPartsNothing",
             DpkgShape::status,
             kA + " \n" + kA + "\n",
             {},
             "5: a blank line inside a field"},
        Case{"FoldedLineWithoutAField",
             DpkgShape::status,
             kA + "\n folded\n",
             {deb("a", "1", "a", "1")},
             "6: a continuation line before any field"},
        Case{"LineEndsOfAnotherSystem",
             DpkgShape::status,
             "Package: a\r\nStatus: install ok installed\r\nVersion: 1\r\n\r\nPackage: b\r\n",
             {},
             "4: a field without a colon"},
        Case{"PackageNameThatIsNone",
             DpkgShape::status,
             "Package: ope\xffssl\n" + kInstalled + "Version: 1\n\n",
             {},
             "1: \"ope\xffssl\" is not a package name"},
        Case{"SourceNameThatIsNone",
             DpkgShape::status,
             kA + "Source: \xff (1)\n\n",
             {},
             "1: \"\xff\" is not a source package name"},
        Case{"CutInALine",
             DpkgShape::status,
             kA + "\nPackage: b\n" + kInstalled + "Version: 1",
             {deb("a", "1", "a", "1")},
             "8: cut short: no line break at the end"},
        Case{"LongName",
             DpkgShape::control,
             "Package: " + std::string(kMaxNameBytes + 1, 'a') + "\nVersion: 1\n",
             {},
             "1: its name is longer than 255 bytes"},
        Case{"LongVersion",
             DpkgShape::control,
             "Package: a\nVersion: " + std::string(kMaxVersionBytes + 1, '1') + "\n",
             {},
             "1: its version is longer than 255 bytes"},
        Case{"LongArchitecture",
             DpkgShape::control,
             "Package: a\nVersion: 1\nArchitecture: " + std::string(kMaxArchitectureBytes + 1, 'a') + "\n",
             {},
             "1: its architecture is longer than 64 bytes"},
        Case{"LongSource",
             DpkgShape::status,
             kA + "\nPackage: b\n" + kInstalled + "Version: 1\nSource: " + std::string(kMaxNameBytes + 1, 'a') + "\n",
             {deb("a", "1", "a", "1")},
             "6: its source's name is longer than 255 bytes"},
        Case{"LongSourceVersion",
             DpkgShape::status,
             kA + "Source: b (" + std::string(kMaxVersionBytes + 1, '1') + ")\n",
             {},
             "1: its source's version is longer than 255 bytes"}),
    [](const auto& test) { return test.param.name; });

TEST(DpkgStatusLimits, HoldForTheFieldsOfAStanza) {
  std::string text = kA;
  for (std::size_t i = 0; i <= kMaxFields; ++i) text += "X-" + std::to_string(i) + ": x\n";
  std::vector<DpkgEntry> entries;
  const auto parsed = parse_dpkg_status(text, "status", DpkgShape::status, entries);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().text, "257: too many fields in a stanza");
}

TEST(DpkgStatusLimits, HoldForTheNumberOfPackages) {
  std::string text;
  for (std::size_t i = 0; i <= kMaxPackages; ++i) text += "Package: a\nVersion: 1\n\n";
  std::vector<DpkgEntry> entries;
  const auto parsed = parse_dpkg_status(text, "status", DpkgShape::control, entries);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, Errc::over_limit);
  EXPECT_EQ(entries.size(), kMaxPackages);
}

}  // namespace
}  // namespace initscan
