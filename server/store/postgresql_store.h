#pragma once

#include "server/store/postgresql_pool.h"
#include "server/store/store.h"

#include <memory>

namespace initscan::server {

// A database of PostgreSQL's, which several replicas may share. One that goes away and comes back is found again by the
// next request.
class PostgresqlStore : public Store {
 public:
  /// Waits for a server that is not there yet, and brings the schema up to date. Errors: those of
  /// PostgresqlPool::take() and of PostgresqlDatabase::migrate().
  static Result<std::unique_ptr<PostgresqlStore>> open(const PostgresqlOptions& options);

  Result<void> write(const Work& work) override;
  Result<void> write_alone(const Work& work) override;
  std::optional<std::int64_t> max_bytes() const override { return std::nullopt; }

  /// See PostgresqlDatabase; of one connection as it is now. Errors: of PostgresqlPool::take().
  Result<bool> is_readable_on_its_way();

 private:
  explicit PostgresqlStore(const PostgresqlOptions& options) : pool_(options) {}
  Result<void> read_with(const Work& work) override;
  Result<void> with_connection(const std::function<Result<void>(PostgresqlDatabase&)>& work);
  Result<void> prepare(std::chrono::milliseconds longest);

  PostgresqlPool pool_;
};

}  // namespace initscan::server
