#include "initscan/courier/frame.h"

#include <gtest/gtest.h>

namespace initscan {
namespace {

TEST(CourierFrame, IsReadAsItWasWritten) {
  const ErrandHead errand{Errand::report, std::chrono::milliseconds(1'900), 0x123456};
  EXPECT_EQ(write_head(errand).size(), kErrandHeadBytes);
  const auto errand_again = read_errand_head(write_head(errand));
  ASSERT_TRUE(errand_again) << errand_again.error().text;
  EXPECT_EQ(*errand_again, errand);

  const DeliveryHead delivery{Delivery::answered, 70'000};
  EXPECT_EQ(write_head(delivery).size(), kDeliveryHeadBytes);
  const auto delivery_again = read_delivery_head(write_head(delivery), 70'000);
  ASSERT_TRUE(delivery_again) << delivery_again.error().text;
  EXPECT_EQ(*delivery_again, delivery);
}

TEST(CourierFrame, AnnouncesNoMoreThanMayBe) {
  const auto errc_of = [](const auto& read) { return read ? Errc::failed : read.error().code; };
  EXPECT_EQ(errc_of(read_errand_head(write_head(ErrandHead{Errand::match, kLongestErrand, kMaxSentBytes}))),
            Errc::failed);
  EXPECT_EQ(errc_of(read_errand_head(write_head(ErrandHead{Errand::match, kLongestErrand, kMaxSentBytes + 1}))),
            Errc::over_limit);
  EXPECT_EQ(errc_of(read_errand_head(
                write_head(ErrandHead{Errand::match, kLongestErrand + std::chrono::milliseconds(1), 1}))),
            Errc::over_limit);
  EXPECT_EQ(errc_of(read_errand_head(write_head(ErrandHead{static_cast<Errand>(3), {}, 1}))), Errc::malformed);
  EXPECT_EQ(errc_of(read_errand_head("")), Errc::truncated);

  EXPECT_EQ(errc_of(read_delivery_head(write_head(DeliveryHead{Delivery::answered, 11}), 10)), Errc::over_limit);
  EXPECT_EQ(errc_of(read_delivery_head(write_head(DeliveryHead{Delivery::refused, kMaxDeliveryWords + 1}), SIZE_MAX)),
            Errc::over_limit);
  EXPECT_EQ(errc_of(read_delivery_head(write_head(DeliveryHead{static_cast<Delivery>(0), 1}), 10)), Errc::malformed);
  EXPECT_EQ(errc_of(read_delivery_head(write_head(DeliveryHead{static_cast<Delivery>(5), 1}), 10)), Errc::malformed);
  EXPECT_EQ(errc_of(read_delivery_head("x", 10)), Errc::truncated);
}

}  // namespace
}  // namespace initscan
