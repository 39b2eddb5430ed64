#include "audit/check/image_name.h"

#include <gtest/gtest.h>

namespace initscan::audit {
namespace {

struct Case {
  const char* name;
  std::string_view image;
  std::string_view repository;  // "": it is none
  std::string_view tag;
  std::string_view digest;
};

class ImageNames : public testing::TestWithParam<Case> {};

TEST_P(ImageNames, AreTakenApart) {
  const Case& c = GetParam();
  const auto name = parse_image_name(c.image);
  ASSERT_EQ(name.has_value(), !c.repository.empty());
  if (!name) return;
  EXPECT_EQ(name->repository, c.repository);
  EXPECT_EQ(name->tag, c.tag);
  EXPECT_EQ(name->digest, c.digest);
}

constexpr std::string_view kDigest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

INSTANTIATE_TEST_SUITE_P(
    Table, ImageNames,
    testing::Values(Case{"Plain", "shop", "shop", "", ""}, Case{"Tag", "shop:1.2-rc_1", "shop", "1.2-rc_1", ""},
                    Case{"Port", "registry:5000/team/shop", "registry:5000/team/shop", "", ""},
                    Case{"PortAndTag", "registry:5000/shop:1", "registry:5000/shop", "1", ""},
                    Case{"Digest", "shop@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                         "shop", "", kDigest},
                    Case{"TagAndDigest",
                         "shop:1@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "shop", "1",
                         kDigest},
                    Case{"Nothing", "", "", "", ""}, Case{"OnlyATag", ":1", "", "", ""},
                    Case{"EmptyTag", "shop:", "", "", ""}, Case{"ShortDigest", "shop@sha256:12", "", "", ""},
                    Case{"UpperCaseDigest",
                         "shop@sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", "", "", ""},
                    Case{"OtherAlgorithm", "shop@multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8",
                         "shop", "", "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8"},
                    Case{"TwoDigests", "shop@a:1@b:2", "", "", ""}, Case{"Space", "shop 1", "", "", ""},
                    Case{"NotAscii", "sh\xc3\xb6p", "", "", ""}, Case{"Slash", "/shop", "", "", ""},
                    Case{"BadTag", "shop:-1", "", "", ""}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan::audit
