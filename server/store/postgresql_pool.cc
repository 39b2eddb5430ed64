#include "server/store/postgresql_pool.h"

namespace initscan::server {

PostgresqlPool::PostgresqlPool(PostgresqlOptions options)
    : options_(std::move(options)), backoff_(options_.first_pause, options_.longest_pause) {}

Result<PostgresqlPool::Loan> PostgresqlPool::take() {
  std::unique_lock lock(mutex_);
  const auto end = Clock::now() + options_.longest_wait;
  for (;;) {
    if (!idle_.empty()) {
      auto database = std::move(idle_.back());
      idle_.pop_back();
      return Loan(*this, std::move(database), true);
    }
    const bool is_to_wait = trouble_ && Clock::now() < next_try_;
    if (is_to_wait && made_ == connecting_) return *trouble_;
    if (!is_to_wait && made_ < options_.connections) return connect(lock);
    if (freed_.wait_until(lock, end) == std::cv_status::timeout) {
      return Error{Errc::unavailable, "postgresql: all " + std::to_string(made_) + " connections are in use"};
    }
  }
}

Result<PostgresqlPool::Loan> PostgresqlPool::connect(std::unique_lock<std::mutex>& lock) {
  ++made_;
  ++connecting_;
  if (trouble_) next_try_ = Clock::now() + options_.longest_pause;  // the others are not to try meanwhile
  lock.unlock();
  const auto url = options_.url();
  auto database = url ? PostgresqlDatabase::connect(*url) : Result<std::unique_ptr<PostgresqlDatabase>>(url.error());
  lock.lock();
  --connecting_;
  const bool is_change =
      database ? trouble_.has_value() : !trouble_.has_value() || trouble_->text != database.error().text;
  if (database) {
    trouble_.reset();
    backoff_.reset();
  } else {
    --made_;
    trouble_ = database.error();
    next_try_ = Clock::now() + backoff_.next();
  }
  freed_.notify_all();
  lock.unlock();
  if (is_change) options_.on_change(database ? Result<void>() : Result<void>(database.error()));
  if (!database) return database.error();
  return Loan(*this, std::move(*database), false);
}

void PostgresqlPool::give_back(std::unique_ptr<PostgresqlDatabase> database) {
  std::vector<std::unique_ptr<PostgresqlDatabase>> stale;  // closed behind the lock
  const std::lock_guard lock(mutex_);
  if (database->is_broken()) {
    // What was opened before is of the same server, and has most likely broken with it.
    made_ -= 1 + idle_.size();
    stale.swap(idle_);
  } else {
    idle_.push_back(std::move(database));
  }
  freed_.notify_all();
}

}  // namespace initscan::server
