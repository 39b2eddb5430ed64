#include "common/kube/repeat.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

namespace initscan {

namespace asio = boost::asio;

asio::awaitable<void> repeat(std::function<asio::awaitable<void>()> step, std::chrono::milliseconds pause) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (;;) {
    try {
      co_await step();
    } catch (const std::exception& e) { spdlog::error("unexpected: {}", e.what()); }
    timer.expires_after(pause);
    auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (ec) co_return;
  }
}

}  // namespace initscan
