#include "server/api/large_documents.h"

#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

namespace initscan::server {
namespace {

namespace asio = boost::asio;
using testing::ElementsAre;

TEST(LargeDocuments, AreReadOneAtATimeByTurns) {
  asio::io_context io;
  LargeDocuments documents;
  std::vector<std::string> read;
  const auto ask = [&](std::string client) -> asio::awaitable<void> {
    std::string whose = client;
    const auto place = co_await documents.enter(std::move(whose));
    EXPECT_TRUE(place);
    read.push_back(client);
    co_await asio::post(io, asio::use_awaitable);  // others ask meanwhile
  };
  for (const char* const client : {"a", "a", "a", "b"}) asio::co_spawn(io, ask(client), asio::detached);
  io.run();
  EXPECT_THAT(read, ElementsAre("a", "a", "b", "a"));
}

TEST(LargeDocuments, AreWaitedForForAWhile) {
  asio::io_context io;
  LargeDocuments documents;
  const auto ask = [&]() -> asio::awaitable<void> {
    std::string first = "a";
    const auto place = co_await documents.enter(std::move(first));
    EXPECT_TRUE(place);
    std::string second = "b";
    const auto late = co_await documents.enter(std::move(second), std::chrono::milliseconds(10));
    EXPECT_FALSE(late);
  };
  asio::co_spawn(io, ask(), asio::detached);
  io.run();
}

}  // namespace
}  // namespace initscan::server
