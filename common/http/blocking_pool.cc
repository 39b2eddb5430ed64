#include "common/http/blocking_pool.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan {

namespace asio = boost::asio;

namespace {

TurnLimits limits_of(std::size_t threads, std::size_t jobs) {
  const std::size_t at_once = std::min(threads, jobs);
  return {at_once, at_once > 1 ? at_once - 1 : at_once, jobs - at_once};
}

}  // namespace

BlockingPool::BlockingPool(unsigned threads, std::size_t jobs) : threads_(threads), turns_(limits_of(threads, jobs)) {}

BlockingPool::~BlockingPool() {
  if (!pool_) return;
  pool_->stop();
  pool_->join();
}

asio::thread_pool& BlockingPool::started() {
  std::call_once(once_, [this] { pool_.emplace(threads_); });
  return *pool_;
}

asio::awaitable<std::optional<HttpResponse>> BlockingPool::run(std::string client, std::chrono::milliseconds longest,
                                                               std::function<HttpResponse()> job) {
  std::shared_ptr<Turns::Place> place = co_await turns_.take(std::move(client), longest);
  if (!place) co_return std::nullopt;
  // Named, as all that goes into an expression that waits: g++ 12 destroys what is temporary there twice. The place is
  // given back when the job is gone, whether it ran or not.
  auto task = [place = std::move(place), work = std::move(job)]() -> asio::awaitable<HttpResponse> {
    co_return work();
  };
  HttpResponse answer = co_await asio::co_spawn(started(), std::move(task), asio::use_awaitable);
  co_return answer;
}

}  // namespace initscan
