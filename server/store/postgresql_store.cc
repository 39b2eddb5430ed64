#include "server/store/postgresql_store.h"

#include <thread>

namespace initscan::server {
namespace {

constexpr std::chrono::milliseconds kBetweenTries{100};

}  // namespace

Result<std::unique_ptr<PostgresqlStore>> PostgresqlStore::open(const PostgresqlOptions& options) {
  std::unique_ptr<PostgresqlStore> store(new PostgresqlStore(options));
  if (auto prepared = store->prepare(options.to_start); !prepared) return prepared.error();
  return store;
}

Result<void> PostgresqlStore::prepare(std::chrono::milliseconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  for (;;) {
    auto done = with_connection([](PostgresqlDatabase& database) { return database.migrate(); });
    if (done || done.error().code != Errc::unavailable || std::chrono::steady_clock::now() > end) return done;
    std::this_thread::sleep_for(kBetweenTries);
  }
}

// A connection that was there before may have broken with a server that is back by now: then another one does the
// work, unless the first may have done it already.
Result<void> PostgresqlStore::with_connection(const std::function<Result<void>(PostgresqlDatabase&)>& work) {
  for (bool may_try_again = true;; may_try_again = false) {
    const auto loan = pool_.take();
    if (!loan) return loan.error();
    PostgresqlDatabase& database = **loan;
    auto done = work(database);
    const bool has_done_nothing = !done && database.is_broken() && !database.is_outcome_unknown();
    if (!has_done_nothing || !loan->is_used() || !may_try_again) return done;
  }
}

Result<void> PostgresqlStore::write(const Work& work) {
  return with_connection(
      [&](PostgresqlDatabase& database) { return database.transaction([&] { return work(database); }); });
}

Result<void> PostgresqlStore::write_alone(const Work& work) {
  return with_connection(
      [&](PostgresqlDatabase& database) { return database.transaction_alone([&] { return work(database); }); });
}

Result<void> PostgresqlStore::read_with(const Work& work) {
  return with_connection([&](PostgresqlDatabase& database) { return work(database); });
}

Result<bool> PostgresqlStore::is_readable_on_its_way() {
  const auto loan = pool_.take();
  if (!loan) return loan.error();
  return (*loan)->is_readable_on_its_way();
}

}  // namespace initscan::server
