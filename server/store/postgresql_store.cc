#include "server/store/postgresql_store.h"

namespace initscan::server {

Result<std::unique_ptr<PostgresqlStore>> PostgresqlStore::open(const PostgresqlOptions& options) {
  std::unique_ptr<PostgresqlStore> store(new PostgresqlStore(options));
  auto loan = store->pool_.take();
  const auto done = loan ? store->prepare(**loan) : Result<void>(loan.error());
  if (!done && done.error().code != Errc::unavailable) return done.error();
  return store;
}

// One brings the schema up to date, which may take minutes; the others do not wait for it.
Result<void> PostgresqlStore::prepare(PostgresqlDatabase& database) {
  if (is_prepared_) return {};
  const std::unique_lock lock(preparing_, std::try_to_lock);
  if (!lock) return Error{Errc::unavailable, database.name() + ": its tables are being brought up to date"};
  if (is_prepared_) return {};
  auto done = database.migrate();
  if (!done) {
    if (done.error().text != trouble_) options_.on_change(done);
    trouble_ = done.error().text;
    return done;
  }
  if (database.is_readable_on_its_way()) options_.on_readable_way();
  is_prepared_ = true;
  return {};
}

// A connection that was there before may have broken with a server that is back by now: then another one does the
// work, unless the first may have done it already.
Result<void> PostgresqlStore::with_connection(const std::function<Result<void>(PostgresqlDatabase&)>& work) {
  for (bool may_try_again = true;; may_try_again = false) {
    const auto loan = pool_.take();
    // Whatever is wrong with it now, another password or a repaired table makes it right.
    if (!loan) return Error{Errc::unavailable, loan.error().text};
    PostgresqlDatabase& database = **loan;
    if (const auto prepared = prepare(database); !prepared) return Error{Errc::unavailable, prepared.error().text};
    auto done = work(database);
    const bool has_done_nothing = !done && database.is_broken() && !database.is_outcome_unknown();
    if (!has_done_nothing || !loan->is_used() || !may_try_again) return done;
  }
}

Result<void> PostgresqlStore::reach() {
  return with_connection([](PostgresqlDatabase&) { return Result<void>(); });
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

}  // namespace initscan::server
