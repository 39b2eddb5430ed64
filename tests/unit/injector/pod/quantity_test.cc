#include "injector/pod/quantity.h"

#include <gtest/gtest.h>

namespace initscan::injector {
namespace {

struct Case {
  const char* name;
  std::string_view text;
  std::int64_t want;
};

class Quantity : public testing::TestWithParam<Case> {};

TEST_P(Quantity, IsReadInThousandths) {
  const auto quantity = parse_quantity(GetParam().text);
  ASSERT_TRUE(quantity) << quantity.error().text;
  EXPECT_EQ(*quantity, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Table, Quantity,
                         testing::Values(Case{"Zero", "0", 0}, Case{"One", "1", 1000}, Case{"Milli", "100m", 100},
                                         Case{"Fraction", "0.5", 500}, Case{"RoundedUp", "1u", 1},
                                         Case{"Nano", "100n", 1}, Case{"Kibi", "1Ki", 1'024'000},
                                         Case{"Mebi", "64Mi", 67'108'864'000}, Case{"Gibi", "1.5Gi", 1'610'612'736'000},
                                         Case{"Kilo", "1k", 1'000'000}, Case{"Exponent", "1e3", 1'000'000},
                                         Case{"CapitalExponent", "12E2", 1'200'000}, Case{"Plus", "+5", 5000},
                                         Case{"Negative", "-5", 0}, Case{"Bytes", "128974848", 128'974'848'000},
                                         Case{"TooLarge", "1E", std::numeric_limits<std::int64_t>::max() / 2}),
                         [](const auto& test) { return test.param.name; });

TEST(Quantity, RefusesWhatIsNone) {
  for (const char* text : {"", "m", "1x", "1 Mi", "abc", "1.2.3", "--1", "1mm", "1e", "0x10"}) {
    EXPECT_FALSE(parse_quantity(text)) << text;
  }
  EXPECT_EQ(parse_quantity("lots").error().text, "not a quantity: \"lots\"");
}

TEST(Quantity, SumsEndAtTheLimit) {
  const std::int64_t most = *parse_quantity("1E");
  EXPECT_EQ(add_quantities(1, 2), 3);
  EXPECT_EQ(add_quantities(most, 0), most);
  EXPECT_EQ(add_quantities(most - 1, 1), most);
  EXPECT_EQ(add_quantities(most, most), most);
  EXPECT_EQ(add_quantities(std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max()), most);
}

TEST(Quantity, HasAUsualForm) {
  EXPECT_EQ(format_cpu(1000), "1");
  EXPECT_EQ(format_cpu(50), "50m");
  EXPECT_EQ(format_bytes(67'108'864'000), "64Mi");
  EXPECT_EQ(format_bytes(1'000'000), "1000");
  EXPECT_EQ(format_bytes(0), "0");
}

}  // namespace
}  // namespace initscan::injector
