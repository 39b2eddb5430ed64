#include "common/kube/repeat.h"

#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace initscan {
namespace {

namespace asio = boost::asio;

TEST(Repeat, GoesOnAfterAStepThatThrows) {
  asio::io_context io;
  int steps = 0;
  const auto step = [&]() -> asio::awaitable<void> {
    if (++steps == 3) io.stop();
    if (steps == 2) throw std::runtime_error("a step");
    co_return;
  };
  asio::co_spawn(io, repeat(step, std::chrono::milliseconds(0)), asio::detached);
  io.run();
  EXPECT_EQ(steps, 3);
}

TEST(Repeat, PausesAfterEachStep) {
  asio::io_context io;
  int steps = 0;
  const auto step = [&]() -> asio::awaitable<void> {
    ++steps;
    co_return;
  };
  asio::co_spawn(io, repeat(step, std::chrono::hours(1)), asio::detached);
  io.poll();
  EXPECT_EQ(steps, 1);
}

}  // namespace
}  // namespace initscan
