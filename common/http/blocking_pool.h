#pragma once

#include "common/http/exchange.h"
#include "common/net/turns.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

namespace initscan {

// Threads for what blocks, which clients have in turn; where there are several, one is for others than a client that
// has all of them but that. As many jobs as it may have are running or waiting; others are turned away. From any
// thread.
class BlockingPool {
 public:
  BlockingPool(unsigned threads, std::size_t jobs);
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  /// Waits for what is running; what has not begun never does.
  ~BlockingPool();

  /// What the job answers, back on the caller's executor; nullopt: there is no room, or a thread is waited for for too
  /// long. What it throws comes out here. As Turns::take().
  boost::asio::awaitable<std::optional<HttpResponse>> run(std::string client, std::chrono::milliseconds longest,
                                                          std::function<HttpResponse()> job);

 private:
  boost::asio::thread_pool& started();

  const unsigned threads_;
  Turns turns_;
  std::once_flag once_;
  std::optional<boost::asio::thread_pool> pool_;
};

}  // namespace initscan
