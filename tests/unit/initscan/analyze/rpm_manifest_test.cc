#include "initscan/analyze/rpm_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::vector<Package> want;
  std::string error;
};

class RpmManifest : public testing::TestWithParam<Case> {};

TEST_P(RpmManifest, IsRead) {
  std::vector<Package> packages;
  const auto parsed = parse_rpm_manifest(GetParam().text, "db", packages);
  EXPECT_EQ(parsed ? "" : parsed.error().text, GetParam().error);
  EXPECT_EQ(packages, GetParam().want);
}

const std::string kOpenssl =
    "openssl-libs\t1.1.1k-15.cm2\t1653816591\t1653753130\tMicrosoft Corporation\t(none)\t4365048\tx86_64\t0\t"
    "openssl-1.1.1k-15.cm2.src.rpm\n";
const Package kWanted{PackageType::rpm, "openssl-libs", "1.1.1k-15.cm2", "x86_64", "openssl", "1.1.1k-15.cm2", "db"};

INSTANTIATE_TEST_SUITE_P(
    Table, RpmManifest,
    testing::Values(
        Case{"Nothing", "", {}, ""}, Case{"OnePackage", kOpenssl, {kWanted}, ""},
        Case{"AnEpoch",
             "a\t1-2\t0\t0\t\t3\t0\tnoarch\t3\tb-1-2.src.rpm\n",
             {{PackageType::rpm, "a", "3:1-2", "noarch", "b", "3:1-2", "db"}},
             ""},
        Case{"NoSource",
             "a\t1-2\t0\t0\t\t(none)\t0\tnoarch\t(none)\t(none)\n",
             {{PackageType::rpm, "a", "1-2", "noarch", "a", "1-2", "db"}},
             ""},
        Case{"CutShort", kOpenssl.substr(0, kOpenssl.size() - 1), {kWanted}, "1: cut short: no line break at the end"},
        Case{"AKeyIsNoPackage", "gpg-pubkey\t1-2\t0\t0\t\t\t0\t\t\t\n", {}, ""},
        Case{"TooFewFields", kOpenssl + "a\t1-2\n", {kWanted}, "2: want 10 fields, has 2"},
        Case{"NoRelease", "a\t1\t0\t0\t\t\t0\t\t\t\n", {}, "1: a has no release"},
        Case{"AnOddEpoch", "a\t1-2\t0\t0\t\t\t0\t\tx\t\n", {}, "1: an epoch that is no number"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan
