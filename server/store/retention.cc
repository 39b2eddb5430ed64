#include "server/store/retention.h"

#include "server/store/removal.h"
#include "server/store/shares.h"
#include "server/store/store.h"

namespace initscan::server {
namespace {

constexpr std::int64_t kRowsAtOnce = 1000;

// Alone: of what no report speaks when it is looked for, one may speak when it goes.
Result<std::int64_t> remove_alone(Store& store, const char* sql, std::initializer_list<std::int64_t> values) {
  return remove_all(store, &Store::write_alone, kRowsAtOnce, sql, values);
}

}  // namespace

Result<Removed> remove_old(Store& store, const Retention& retention, std::chrono::sys_seconds now, bool by_age) {
  const std::int64_t oldest = (now - retention.longest).time_since_epoch().count();
  const auto old =
      by_age ? remove_alone(store,
                            "DELETE FROM reports WHERE id IN (SELECT id FROM reports WHERE received_at < $1 LIMIT $2)",
                            {oldest})
             : Result<std::int64_t>(0);
  if (!old) return old.error();
  const auto most = static_cast<std::int64_t>(retention.reports_of_one_image);
  const auto by_count =
      remove_alone(store,
                   "DELETE FROM reports WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER"
                   " (PARTITION BY cluster, digest, namespace, CASE WHEN namespace = '' THEN reporter ELSE '' END"
                   " ORDER BY id DESC) AS place FROM reports) numbered WHERE place > $1 LIMIT $2)",
                   {most});
  if (!by_count) return by_count.error();
  const std::int64_t gone = (now - retention.after_namespace).time_since_epoch().count();
  const auto by_namespace =
      remove_alone(store,
                   "DELETE FROM reports WHERE id IN (SELECT r.id FROM reports r JOIN gone_namespaces g ON"
                   " g.cluster = r.cluster AND g.namespace = r.namespace"
                   " WHERE g.gone_at < $1 AND r.received_at <= g.gone_at LIMIT $2)",
                   {gone});
  if (!by_namespace) return by_namespace.error();
  const auto namespaces = remove_alone(
      store,
      "DELETE FROM gone_namespaces WHERE (cluster, namespace, gone_at) IN (SELECT cluster, namespace, gone_at"
      " FROM gone_namespaces WHERE gone_at < $1 LIMIT $2)",
      {gone});
  if (!namespaces) return namespaces.error();
  const auto images = remove_alone(
      store,
      "DELETE FROM images WHERE (cluster, digest) IN (SELECT cluster, digest FROM images i WHERE NOT EXISTS"
      " (SELECT 1 FROM reports r WHERE r.cluster = i.cluster AND r.digest = i.digest) LIMIT $1)",
      {});
  if (!images) return images.error();
  const auto sboms =
      remove_alone(store,
                   "DELETE FROM sboms WHERE id IN (SELECT id FROM sboms s WHERE NOT EXISTS"
                   " (SELECT 1 FROM reports r WHERE r.cluster = s.cluster AND r.sbom_sha256 = s.sha256) LIMIT $1)",
                   {});
  if (!sboms) return sboms.error();
  const Removed removed{*old + *by_count + *by_namespace, *images, *sboms};
  if (removed != Removed{}) {
    if (auto counted = count_shares(store); !counted) return counted.error();
  }
  return removed;
}

Result<StoreFigures> figures_of(Store& store) {
  return store.read([](Database& database) -> Result<StoreFigures> {
    auto query = database.query(
        "SELECT (SELECT count(*) FROM reports), (SELECT count(*) FROM images), (SELECT count(*) FROM sboms)");
    if (!query) return query.error();
    const auto row = query->next();
    if (!row) return row.error();
    const auto bytes = database.bytes();
    if (!bytes) return bytes.error();
    const auto all = charged(database);
    if (!all) return all.error();
    return StoreFigures{query->number(0), query->number(1), query->number(2), *bytes, *all};
  });
}

}  // namespace initscan::server
