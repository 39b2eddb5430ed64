#include "common/net/turns.h"

#include <functional>
#include <map>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace initscan {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Clients that come, and leave when they are told to.
class TurnsTest : public testing::Test {
 protected:
  void come(Turns& turns, const std::string& client, std::chrono::milliseconds longest = 1h) {
    const auto take = [](Turns& from, std::string whose, std::chrono::milliseconds time,
                         TurnsTest& test) -> asio::awaitable<void> {
      std::string name = whose;
      auto place = co_await from.take(std::move(name), time);
      if (place) {
        test.inside_.push_back(whose);
        test.places_.push_back(std::move(place));
      } else {
        test.refused_.push_back(whose);
      }
    };
    asio::co_spawn(io_, take(turns, client, longest, *this), asio::detached);
    io_.poll();
    io_.restart();
  }

  // Whoever came in first leaves.
  void leave() {
    places_.erase(places_.begin());
    io_.poll();
    io_.restart();
  }

  asio::io_context io_;
  std::vector<std::unique_ptr<Turns::Place>> places_;
  std::vector<std::string> inside_;  // in the order in which they came in
  std::vector<std::string> refused_;
};

TEST_F(TurnsTest, ComeToClientsOneByOne) {
  Turns turns({1, 1, 10});
  for (const char* const client : {"a", "a", "a", "b", "c"}) come(turns, client);
  EXPECT_THAT(inside_, ElementsAre("a"));
  for (int i = 0; i < 4; ++i) leave();
  EXPECT_THAT(inside_, ElementsAre("a", "a", "b", "c", "a"));
}

TEST_F(TurnsTest, LeaveAPlaceToOthersThanAClientThatHasItsPart) {
  Turns turns({3, 2, 10});
  for (int i = 0; i < 4; ++i) come(turns, "a");
  EXPECT_THAT(inside_, ElementsAre("a", "a"));
  come(turns, "b");
  EXPECT_THAT(inside_, ElementsAre("a", "a", "b"));
  leave();
  EXPECT_THAT(inside_, ElementsAre("a", "a", "b", "a"));
}

TEST_F(TurnsTest, WhoWaitsForMostMakesRoom) {
  Turns turns({1, 1, 3});
  for (int i = 0; i < 4; ++i) come(turns, "a");
  come(turns, "a");
  EXPECT_THAT(refused_, ElementsAre("a")) << "nobody has more waiting";
  come(turns, "b");
  EXPECT_THAT(refused_, ElementsAre("a", "a"));
  for (int i = 0; i < 3; ++i) leave();
  EXPECT_THAT(inside_, ElementsAre("a", "a", "b", "a"));
}

TEST_F(TurnsTest, AreWaitedForForAWhile) {
  Turns turns({1, 1, 3});
  come(turns, "a");
  come(turns, "b", 1ms);
  io_.run_for(1s);
  EXPECT_THAT(refused_, ElementsAre("b"));
  leave();
  EXPECT_THAT(inside_, ElementsAre("a")) << "nobody is let in that has gone";
  come(turns, "c");
  EXPECT_THAT(inside_, ElementsAre("a", "c"));
}

TEST_F(TurnsTest, OfWhomIsGoneGoToTheNext) {
  auto turns = std::make_unique<Turns>(TurnLimits{1, 1, 3});
  come(*turns, "a");
  {
    asio::io_context other;
    const auto wait = [](Turns& from) -> asio::awaitable<void> {
      std::string name = "b";
      const auto place = co_await from.take(std::move(name), 1h);
      ADD_FAILURE() << "it was let in";
    };
    asio::co_spawn(other, wait(*turns), asio::detached);
    other.poll();
  }
  come(*turns, "c");
  leave();
  EXPECT_THAT(inside_, ElementsAre("a", "c"));
  turns.reset();
  leave();  // a place outlives what gave it
  EXPECT_THAT(refused_, IsEmpty());
}

}  // namespace
}  // namespace initscan
