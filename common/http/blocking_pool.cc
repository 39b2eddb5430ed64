#include "common/http/blocking_pool.h"

#include <memory>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace initscan {

namespace asio = boost::asio;

namespace {

// Given back when the job is gone, whether it ran or not.
class Place {
 public:
  explicit Place(std::atomic<std::size_t>& jobs) : jobs_(jobs) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { --jobs_; }

 private:
  std::atomic<std::size_t>& jobs_;
};

}  // namespace

BlockingPool::~BlockingPool() {
  if (!pool_) return;
  pool_->stop();
  pool_->join();
}

asio::thread_pool& BlockingPool::started() {
  std::call_once(once_, [this] { pool_.emplace(threads_); });
  return *pool_;
}

asio::awaitable<std::optional<HttpResponse>> BlockingPool::run(std::function<HttpResponse()> job) {
  const bool is_full = ++jobs_ > most_;
  const auto place = std::make_shared<Place>(jobs_);
  if (is_full) co_return std::nullopt;
  // Named, as all that goes into an expression that waits: g++ 12 destroys what is temporary there twice.
  auto task = [place, work = std::move(job)]() -> asio::awaitable<HttpResponse> { co_return work(); };
  HttpResponse answer = co_await asio::co_spawn(started(), std::move(task), asio::use_awaitable);
  co_return answer;
}

}  // namespace initscan
