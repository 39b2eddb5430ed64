#pragma once

#include "common/http/exchange.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

namespace initscan {

// Threads for what blocks. As many jobs as it may have are running or waiting; others are turned away. From any thread.
class BlockingPool {
 public:
  BlockingPool(unsigned threads, std::size_t jobs) : threads_(threads), most_(jobs) {}
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  /// Waits for what is running; what has not begun never does.
  ~BlockingPool();

  /// What the job answers, back on the caller's executor; nullopt: there is no room. What it throws comes out here.
  boost::asio::awaitable<std::optional<HttpResponse>> run(std::function<HttpResponse()> job);

 private:
  boost::asio::thread_pool& started();

  const unsigned threads_;
  const std::size_t most_;
  std::atomic<std::size_t> jobs_{0};
  std::once_flag once_;
  std::optional<boost::asio::thread_pool> pool_;
};

}  // namespace initscan
