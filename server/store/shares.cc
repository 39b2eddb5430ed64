#include "server/store/shares.h"

#include "server/store/reports.h"
#include "server/store/store.h"

#include <algorithm>
#include <vector>

namespace initscan::server {
namespace {

struct Owner {
  std::string cluster;
  std::string namespace_;
  std::string client;
};

std::string client_of(const Report& report) {
  return report.namespace_.empty() ? report.reporter : std::string();
}

std::string whose(const Report& report) {
  return "the reports " + (report.namespace_.empty() ? "of " + report.reporter : "from " + report.namespace_);
}

Error more_than_share(const Report& report, std::int64_t most) {
  return {Errc::over_limit, whose(report) + " would take more than their share of the store, which is " +
                                std::to_string(most) + " bytes; see --store-share-mib"};
}

Error more_than_is_left(const Report& report, std::int64_t taken, std::int64_t left) {
  return {Errc::over_limit, whose(report) + " would take " + std::to_string(taken) +
                                " bytes, more than they would leave for others, which is " + std::to_string(left) +
                                "; let the store keep less (--keep-days, --keep-reports) or become larger"
                                " (--store-max-mib)"};
}

Result<std::vector<Owner>> owners(Store& store) {
  return store.read([](Database& database) -> Result<std::vector<Owner>> {
    auto query = database.query("SELECT cluster, namespace, client FROM shares");
    if (!query) return query.error();
    return rows_of(*query, [](const Query& row) { return Owner{row.text(0), row.text(1), row.text(2)}; });
  });
}

Result<void> count_again(Database& database, const Owner& owner) {
  auto update = database.query(
      "UPDATE shares SET bytes = $1 * (SELECT count(*) FROM reports r WHERE r.cluster = $2 AND r.namespace = $3"
      " AND ($3 <> '' OR r.reporter = $4)) + coalesce((SELECT sum(s.cost) FROM sboms s WHERE s.cluster = $2"
      " AND s.sha256 IN (SELECT r.sbom_sha256 FROM reports r WHERE r.cluster = $2 AND r.namespace = $3"
      " AND ($3 <> '' OR r.reporter = $4))), 0) WHERE cluster = $2 AND namespace = $3 AND client = $4");
  if (!update) return update.error();
  update->bind(kReportBytes).bind(owner.cluster).bind(owner.namespace_).bind(owner.client);
  const auto counted = update->run();
  return counted ? Result<void>() : Result<void>(counted.error());
}

}  // namespace

Result<std::int64_t> charged(Database& database) {
  return database.number("SELECT CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM shares");
}

Result<void> charge(Database& database, const Report& report, std::int64_t bytes, const StoreRoom& room) {
  if (bytes == 0) return {};
  auto add = database.query(
      "INSERT INTO shares (cluster, namespace, client, bytes) VALUES ($1, $2, $3, $4)"
      " ON CONFLICT (cluster, namespace, client) DO UPDATE SET bytes = shares.bytes + excluded.bytes RETURNING bytes");
  if (!add) return add.error();
  const std::string client = client_of(report);
  const auto row = add->bind(report.cluster).bind(report.namespace_).bind(client).bind(bytes).next();
  if (!row) return row.error();
  const std::int64_t taken = add->number(0);
  if (const auto done = add->run(); !done) return done.error();
  if (taken > room.share) return more_than_share(report, room.share);
  if (room.whole == kNoLimit) return {};
  const auto all = charged(database);
  if (!all) return all.error();
  const std::int64_t left = std::max<std::int64_t>(room.whole - *all, 0);
  return taken <= left ? Result<void>() : Result<void>(more_than_is_left(report, taken, left));
}

Result<bool> has_sbom(Database& database, const Report& report, const std::string& sbom_sha256) {
  auto query = database.query(
      "SELECT 1 FROM reports WHERE cluster = $1 AND namespace = $2 AND sbom_sha256 = $3"
      " AND ($2 <> '' OR reporter = $4) LIMIT 1");
  if (!query) return query.error();
  return query->bind(report.cluster).bind(report.namespace_).bind(sbom_sha256).bind(report.reporter).next();
}

Result<void> count_shares(Store& store) {
  const auto all = owners(store);
  if (!all) return all.error();
  for (const Owner& owner : *all) {
    // Alone: a report that is being added is not counted here, and has been charged.
    auto done = store.write_alone([&](Database& database) { return count_again(database, owner); });
    if (!done) return done;
  }
  return store.write_alone([](Database& database) { return database.execute("DELETE FROM shares WHERE bytes = 0"); });
}

}  // namespace initscan::server
