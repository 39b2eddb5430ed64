#pragma once

#include "common/net/backoff.h"
#include "common/result.h"
#include "server/store/postgresql_database.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace initscan::server {

struct PostgresqlOptions {
  std::function<Result<std::string>()> url;       // asked for each connection: a password may be another one by then
  std::size_t connections = 4;                    // at the most
  std::chrono::milliseconds longest_wait{5'000};  // for a connection that others use
  std::chrono::milliseconds first_pause{100};     // after a connection that failed, and twice that after the next
  std::chrono::milliseconds longest_pause{5'000};

  // Told when the server can be reached no longer, or for another reason than before, and when it can again. On
  // whatever thread finds out.
  std::function<void(const Result<void>&)> on_change = [](const Result<void>&) {};

  // Told where what is sent can be read on its way, when the server is reached for the first time.
  std::function<void()> on_readable_way = [] {};
};

// Connections to PostgreSQL, made when they are needed and kept. While it cannot be reached only one asks now and then;
// all others are told so at once. From any thread.
class PostgresqlPool {
 public:
  explicit PostgresqlPool(PostgresqlOptions options);

  // A connection that is in use until this is destroyed.
  class Loan {
   public:
    Loan(PostgresqlPool& pool, std::unique_ptr<PostgresqlDatabase> database, bool is_used)
        : pool_(&pool), database_(std::move(database)), is_used_(is_used) {}
    Loan(Loan&& other) noexcept = default;
    Loan& operator=(Loan&&) = delete;
    ~Loan() {
      if (database_ != nullptr) pool_->give_back(std::move(database_));
    }

    PostgresqlDatabase& operator*() const { return *database_; }
    PostgresqlDatabase* operator->() const { return database_.get(); }

    /// It was there before: that it breaks says nothing of the server of now.
    bool is_used() const { return is_used_; }

   private:
    PostgresqlPool* pool_;
    std::unique_ptr<PostgresqlDatabase> database_;
    bool is_used_;
  };

  /// Errors: unavailable - the server cannot be reached, or all connections are in use for too long; those of
  /// PostgresqlDatabase::connect().
  Result<Loan> take();

 private:
  using Clock = std::chrono::steady_clock;

  Result<Loan> connect(std::unique_lock<std::mutex>& lock);
  void give_back(std::unique_ptr<PostgresqlDatabase> database);

  const PostgresqlOptions options_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<PostgresqlDatabase>> idle_;  // under mutex_, as all below; the last one was used last
  std::size_t made_ = 0;                                   // idle, in use, and being made
  std::size_t connecting_ = 0;                             // of these
  std::optional<Error> trouble_;                           // why the last one could not be made
  Clock::time_point next_try_{};                           // while there is trouble
  Backoff backoff_;
};

}  // namespace initscan::server
