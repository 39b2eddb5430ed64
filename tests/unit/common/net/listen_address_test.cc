#include "common/net/listen_address.h"

namespace initscan {
namespace {

struct Case {
  const char* name;
  std::string_view text;
  ListenAddress want;  // without an address: refused
};

class ListenAddressText : public testing::TestWithParam<Case> {};

TEST_P(ListenAddressText, IsReadOrRefused) {
  const Case& c = GetParam();
  const auto got = parse_listen_address(c.text);
  ASSERT_EQ(got.has_value(), !c.want.address.empty());
  if (got) {
    EXPECT_EQ(*got, c.want);
  } else {
    EXPECT_EQ(got.error().code, Errc::usage);
    EXPECT_EQ(got.error().text, "want ADDRESS:PORT, got \"" + std::string(c.text) + '"');
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, ListenAddressText,
    testing::Values(Case{"Four", "127.0.0.1:8443", {"127.0.0.1", 8443}}, Case{"Six", "[::1]:8443", {"::1", 8443}},
                    Case{"AnyPort", "0.0.0.0:0", {"0.0.0.0", 0}}, Case{"NoPort", "127.0.0.1", {}},
                    Case{"EmptyPort", "127.0.0.1:", {}}, Case{"PortTooLarge", "127.0.0.1:65536", {}},
                    Case{"PortWithMore", "127.0.0.1:80 ", {}}, Case{"Negative", "127.0.0.1:-1", {}},
                    Case{"NoAddress", ":8443", {}}, Case{"Nothing", "", {}}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace initscan
