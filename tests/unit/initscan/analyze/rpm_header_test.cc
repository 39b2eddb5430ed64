#include "initscan/analyze/rpm_header.h"

#include "initscan/analyze/rpm_package.h"
#include "tests/unit/initscan/analyze/rpm_fixtures.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(RpmHeader, IsReadInItsRegionAndBehindIt) {
  const std::string bytes = made_region({text_tag(1000, "nodejs"),
                                         text_tag(1001, "18.14.2"),
                                         text_tag(1002, "3.module_el8"),
                                         number_tag(1003, 1),
                                         {1004, 9, 2, std::string("a runtime\0eine Umgebung\0", 24)},
                                         text_tag(1022, "x86_64"),
                                         text_tag(1044, "nodejs-18.14.2-3.module_el8.src.rpm"),
                                         text_tag(5096, "nodejs:18:8080020230322:a6f2")},
                                        {number_tag(1008, 1700000000)});
  const auto header = parse_rpm_header(bytes);
  ASSERT_TRUE(header) << header.error().text;
  EXPECT_EQ(*header, (RpmHeader{"nodejs", "18.14.2", "3.module_el8", "x86_64", "nodejs-18.14.2-3.module_el8.src.rpm",
                                "nodejs:18:8080020230322:a6f2", 1}));
}

TEST(RpmHeader, ThoseFromBeforeRegionsHaveNone) {
  const std::string bytes = made_header({text_tag(1000, "a"), text_tag(1001, "1"), text_tag(1002, "2")});
  const auto header = parse_rpm_header(bytes);
  ASSERT_TRUE(header) << header.error().text;
  EXPECT_EQ(*header, (RpmHeader{"a", "1", "2", "", "", "", std::nullopt}));
}

struct BadHeader {
  const char* name;
  std::string bytes;
  std::string error;
};

class BadRpmHeader : public testing::TestWithParam<BadHeader> {};

TEST_P(BadRpmHeader, IsRefused) {
  const auto header = parse_rpm_header(GetParam().bytes);
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().text, GetParam().error);
}

const std::string kSound = made_region({text_tag(1000, "a")});  // 2 entries from byte 8 on, data from byte 40 on

INSTANTIATE_TEST_SUITE_P(
    Table, BadRpmHeader,
    testing::Values(
        BadHeader{"Nothing", "", "shorter than any header"}, BadHeader{"NoTags", big(0) + big(0), "has no tags"},
        BadHeader{"ManyTags", big(65536) + big(0), "says that it has 65536 tags, more than 65535"},
        BadHeader{"CutShort", kSound.substr(0, kSound.size() - 1), "says that it has 58 bytes, and has 57"},
        BadHeader{"MoreThanItSays", kSound + 'x', "says that it has 58 bytes, and has 59"},
        BadHeader{"ALyingLength", with(kSound, 4, big(0xffffffff)), "says that it has 4294967335 bytes, and has 58"},
        BadHeader{"ARegionOfAnotherType", with(kSound, 12, big(6)), "tag 63 is not a region"},
        BadHeader{"ARegionOutside", with(kSound, 16, big(3)), "tag 63 is not a region"},
        BadHeader{"ATrailerOfAnother", with(kSound, 42, big(61)), "tag 63 has a trailer that contradicts it"},
        BadHeader{"ATrailerOfMoreEntries", with(kSound, 50, big(0 - 48U)), "tag 63 has a trailer that contradicts it"},
        BadHeader{"AnUnknownType", with(kSound, 28, big(10)), "tag 1000 is of type 10"},
        BadHeader{"ANameThatIsANumber", made_header({number_tag(1000, 1)}), "tag 1000 is not a text"},
        BadHeader{"ManyNames", made_header({{1000, 6, 2, std::string("a\0b\0", 4)}}), "tag 1000 is not a text"},
        BadHeader{"ATextWithoutEnd", made_header({{1000, 6, 1, "abc"}}), "tag 1000 has no end"},
        BadHeader{"ATextOutside", with(made_header({text_tag(1000, "a")}), 16, big(2)),
                  "tag 1000 is outside of the header"},
        BadHeader{"ALongText", made_header({text_tag(1001, std::string(kMaxRpmTextBytes + 1, '1'))}),
                  "tag 1001 is longer than 1024 bytes"},
        BadHeader{"TwoNames", made_header({text_tag(1000, "a"), text_tag(1000, "a")}), "tag 1000 is given twice"},
        BadHeader{"TwoEpochs", made_header({number_tag(1003, 1), number_tag(1003, 2)}), "tag 1003 is given twice"},
        BadHeader{"AnEpochThatIsAText", made_header({text_tag(1003, "1")}), "tag 1003 is not one number"},
        BadHeader{"AnEpochOutside", with(made_header({number_tag(1003, 1)}), 16, big(4)),
                  "tag 1003 is outside of the header"}),
    [](const auto& test) { return test.param.name; });

RpmHeader header_of(std::string_view name) {
  return {name, "1.2", "3.el9", "x86_64", "src-1.1-3.el9.src.rpm", "", std::nullopt};
}

TEST(RpmPackage, HasTheEpochInItsVersionsAndItsSourcesName) {
  RpmHeader header = header_of("lib");
  auto package = package_of_rpm(header, "db");
  ASSERT_TRUE(package && *package);
  EXPECT_EQ(**package, (Package{PackageType::rpm, "lib", "1.2-3.el9", "x86_64", "src", "1.1-3.el9", "db"}));
  header.epoch = 4;
  header.module = "m:1";
  package = package_of_rpm(header, "db");
  EXPECT_EQ(**package, (Package{PackageType::rpm, "lib", "4:1.2-3.el9", "x86_64", "src", "4:1.1-3.el9", "db", "m:1"}));
  header.epoch = 0;
  header.source_rpm = "";
  package = package_of_rpm(header, "db");
  EXPECT_EQ((*package)->version, "1.2-3.el9");
  EXPECT_EQ((*package)->source_name, "lib");
}

TEST(RpmPackage, AKeyIsNone) {
  const auto package = package_of_rpm(header_of("gpg-pubkey"), "db");
  EXPECT_TRUE(package && !*package);
}

TEST(RpmPackage, ThatIsNoneIsRefused) {
  const auto error_of = [](auto change) {
    RpmHeader header = header_of("lib");
    change(header);
    const auto package = package_of_rpm(header, "db");
    return package ? "" : package.error().text;
  };
  EXPECT_EQ(error_of([](RpmHeader& h) { h.name = ""; }), "a package without a name");
  EXPECT_EQ(error_of([](RpmHeader& h) { h.name = "a b"; }), "\"a b\" is not a package name");
  EXPECT_EQ(error_of([](RpmHeader& h) { h.version = ""; }), "lib has no version");
  EXPECT_EQ(error_of([](RpmHeader& h) { h.release = ""; }), "lib has no release");
  EXPECT_EQ(error_of([](RpmHeader& h) { h.version = "1\x1b[2J"; }), "lib has control characters in what is said of it");
  EXPECT_EQ(error_of([](RpmHeader& h) { h.source_rpm = "x"; }),
            "lib: \"x\" is not the name of a source package's file");
  const std::string longer(256, '1');
  EXPECT_EQ(error_of([&](RpmHeader& h) { h.version = longer; }), "lib: its version is longer than 255 bytes");
}

}  // namespace
}  // namespace initscan
