// The scanner's side, with scripts in the courier's place: they speak of what it may do, and of what it never should.
#include "initscan/courier/courier.h"

#include "common/file_io.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace initscan {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

class CourierScript : public testing::Test {
 protected:
  Courier start(const std::string& script, const CourierRoutes& routes = {}) {
    const std::string path = testing::TempDir() + "courier-" + std::to_string(getpid()) + ".sh";
    EXPECT_TRUE(write_file(path, "#!/bin/sh\n" + script));
    EXPECT_EQ(chmod(path.c_str(), 0700), 0);
    auto courier = Courier::start(path, routes);
    EXPECT_TRUE(courier) << courier.error().text;
    return std::move(*courier);
  }

  // "hello" as an answer, after it has read an errand with a body of four bytes.
  const std::string read_ = "head -c 17 <&3 >/dev/null\n";
  const std::string wait_ = "cat <&3 >/dev/null\n";  // until it is given up
  const std::string hello_ = "printf '\\001\\005\\000\\000\\000\\000\\000\\000\\000hello' >&3\n";
};

TEST_F(CourierScript, BringsAnswersOneAfterTheOther) {
  Courier courier = start(read_ + hello_ + read_ + hello_ + "head -c 1 <&3\n");
  for (int i = 0; i < 2; ++i) {
    const CourierReply reply = courier.carry(Errand::match, "body", milliseconds(20'000), 100);
    EXPECT_EQ(reply.delivery, Delivery::answered);
    EXPECT_EQ(reply.words, "hello");
  }
}

TEST_F(CourierScript, IsToldWhereToGoWhenItIsStarted) {
  Courier courier = start(read_ + "printf '\\002\\065\\000\\000\\000\\000\\000\\000\\000%-53s' \"$*\" >&3\n",
                          {"https://a", "https://b", "t", "c", ""});
  const CourierReply reply = courier.carry(Errand::match, "body", milliseconds(20'000), 100);
  EXPECT_EQ(reply.delivery, Delivery::refused);
  EXPECT_EQ(reply.words, "--match=https://a --report=https://b --token=t --ca=c");
}

TEST_F(CourierScript, IsNotWaitedForLongerThanWasSaid) {
  Courier courier = start(read_ + wait_);
  const auto start_time = Clock::now();
  const CourierReply reply = courier.carry(Errand::match, "body", milliseconds(300), 100);
  const auto took = Clock::now() - start_time;
  EXPECT_EQ(reply.delivery, Delivery::unreachable);
  EXPECT_GE(took, milliseconds(100));
  EXPECT_LT(took, milliseconds(2'000));
}

TEST_F(CourierScript, ThatTakesNothingIsNotWaitedForEither) {
  Courier courier = start("exec sleep 3\n");
  const auto start_time = Clock::now();
  const CourierReply reply = courier.carry(Errand::report, std::string(8 << 20, 'x'), milliseconds(300), 100);
  EXPECT_EQ(reply.delivery, Delivery::unreachable);
  EXPECT_EQ(reply.words, "no answer within 0.3 s");
  EXPECT_LT(Clock::now() - start_time, milliseconds(2'000));
  EXPECT_EQ(courier.carry(Errand::report, "x", milliseconds(300), 100).words,
            "initscan-courier, which asks servers, has ended")
      << "half an exchange is not taken up again";
}

TEST_F(CourierScript, ThatEndsIsNoAnswer) {
  Courier courier = start("exit 1\n");
  for (int i = 0; i < 2; ++i) {
    const CourierReply reply = courier.carry(Errand::match, "body", milliseconds(20'000), 100);
    EXPECT_EQ(reply.delivery, Delivery::unreachable);
    EXPECT_EQ(reply.words, "initscan-courier, which asks servers, has ended");
  }
}

TEST_F(CourierScript, IsNotBelievedThatMuchComes) {
  Courier courier = start(read_ + "printf '\\001\\000\\000\\000\\100\\000\\000\\000\\000hello' >&3\n" + wait_);
  EXPECT_EQ(courier.carry(Errand::match, "body", milliseconds(20'000), 100).delivery, Delivery::unreachable);
}

TEST_F(CourierScript, GetsNoMoreThanServersTake) {
  Courier courier = start(read_ + hello_);
  EXPECT_EQ(courier.carry(Errand::match, std::string(kMaxSentBytes + 1, 'x'), milliseconds(20'000), 100).delivery,
            Delivery::refused);
  EXPECT_EQ(courier.carry(Errand::match, "body", milliseconds(20'000), 100).words, "hello") << "it was not asked";
}

TEST(CourierProgram, HasToBeThere) {
  const auto courier = Courier::start("/nowhere/initscan-courier", {});
  ASSERT_FALSE(courier);
  EXPECT_EQ(courier.error().code, Errc::not_found);
  EXPECT_EQ(courier.error().text, "/nowhere/initscan-courier: No such file or directory; it belongs beside initscan");
}

}  // namespace
}  // namespace initscan
