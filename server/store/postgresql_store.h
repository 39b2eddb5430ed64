#pragma once

#include "server/store/postgresql_pool.h"
#include "server/store/store.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace initscan::server {

// A database of PostgreSQL's, which several replicas may share. One that goes away and comes back is found again by the
// next request, and so is one that was not there when this was opened.
class PostgresqlStore : public Store {
 public:
  /// Brings the schema up to date, where the server is there already; otherwise whoever reaches it first does. Errors:
  /// what does not go away by itself, of PostgresqlPool::take() and of PostgresqlDatabase::migrate().
  static Result<std::unique_ptr<PostgresqlStore>> open(const PostgresqlOptions& options);

  Result<void> write(const Work& work) override;
  Result<void> write_alone(const Work& work) override;
  bool was_reached() const override { return is_prepared_; }
  Result<void> reach() override;

 private:
  explicit PostgresqlStore(const PostgresqlOptions& options) : options_(options), pool_(options) {}
  Result<void> read_with(const Work& work) override;
  Result<void> with_connection(const std::function<Result<void>(PostgresqlDatabase&)>& work);
  Result<void> prepare(PostgresqlDatabase& database);

  const PostgresqlOptions options_;
  PostgresqlPool pool_;
  std::mutex preparing_;
  std::atomic<bool> is_prepared_{false};
  std::string trouble_;  // of preparing it, as it was told; under preparing_
};

}  // namespace initscan::server
