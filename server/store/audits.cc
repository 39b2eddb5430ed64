#include "server/store/audits.h"

#include "common/crypto/sha256.h"
#include "server/store/packed.h"
#include "server/store/removal.h"
#include "server/store/store.h"

namespace initscan::server {
namespace {

constexpr std::int64_t kRowsAtOnce = 20;  // of which one may be large

std::int64_t seconds(std::chrono::sys_seconds time) {
  return time.time_since_epoch().count();
}

std::chrono::sys_seconds time_of(std::int64_t seconds) {
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

Result<std::int64_t> remove_some(Store& store, const char* sql, std::int64_t value) {
  return remove_all(store, &Store::write, kRowsAtOnce, sql, {value});
}

}  // namespace

Result<KeptAudit> add_audit(Database& database, const AuditRow& row, std::string_view packed) {
  auto insert = database.query(
      "INSERT INTO audits (cluster, made_at, received_at, reporter, summary, sha256, bytes, packed)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  insert->bind(row.cluster).bind(seconds(row.made)).bind(seconds(row.received_at)).bind(row.reporter);
  insert->bind(row.summary).bind(row.sha256).bind(static_cast<std::int64_t>(row.bytes)).bind_blob(packed);
  const auto added = insert->run();
  if (!added) return added.error();
  auto find = database.query("SELECT id FROM audits WHERE cluster = $1 AND sha256 = $2");
  if (!find) return find.error();
  const auto found = find->bind(row.cluster).bind(row.sha256).next();
  if (!found) return found.error();
  return KeptAudit{find->number(0), *added > 0};
}

Result<std::vector<AuditRow>> audits(Database& database, const std::string& cluster, std::int64_t before,
                                     std::size_t most) {
  auto query = database.query(
      "SELECT id, cluster, made_at, received_at, reporter, summary, sha256, bytes FROM audits"
      " WHERE cluster = $1 AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3");
  if (!query) return query.error();
  query->bind(cluster).bind(before).bind(static_cast<std::int64_t>(most));
  return rows_of(*query, [](const Query& row) {
    return AuditRow{row.number(0),
                    row.text(1),
                    time_of(row.number(2)),
                    time_of(row.number(3)),
                    row.text(4),
                    row.text(5),
                    row.text(6),
                    static_cast<std::size_t>(row.number(7))};
  });
}

Result<std::optional<AuditDocument>> audit_document(Database& database, const std::string& cluster, std::int64_t id) {
  auto query = database.query(
      "SELECT sha256, packed FROM audits WHERE cluster = $1 AND ($2 = 0 OR id = $2) ORDER BY id DESC LIMIT 1");
  if (!query) return query.error();
  const auto row = query->bind(cluster).bind(id).next();
  if (!row) return row.error();
  if (!*row) return std::optional<AuditDocument>();
  AuditDocument document{query->text(0), {}};
  auto text = unpack(query->text(1), kMaxAuditBytes);
  if (!text) return std::move(text).error().within("the audit " + document.sha256 + " in the store");
  if (sha256_hex(*text) != document.sha256) {
    return Error{Errc::malformed, "the audit " + document.sha256 + " in the store is damaged"};
  }
  document.text = std::move(*text);
  return std::optional(std::move(document));
}

Result<std::int64_t> remove_old_audits(Store& store, const AuditRetention& retention, std::chrono::sys_seconds now,
                                       bool by_age) {
  const auto old =
      by_age
          ? remove_some(store, "DELETE FROM audits WHERE id IN (SELECT id FROM audits WHERE received_at < $1 LIMIT $2)",
                        seconds(now - retention.longest))
          : Result<std::int64_t>(0);
  if (!old) return old.error();
  const auto by_count = remove_some(store,
                                    "DELETE FROM audits WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER"
                                    " (PARTITION BY cluster ORDER BY id DESC) AS place FROM audits) numbered"
                                    " WHERE place > $1 LIMIT $2)",
                                    static_cast<std::int64_t>(retention.of_one_cluster));
  if (!by_count) return by_count.error();
  return *old + *by_count;
}

Result<AuditFigures> audit_figures(Database& database, const std::string& cluster) {
  AuditFigures figures;
  auto count = database.query("SELECT count(*) FROM audits");
  if (!count) return count.error();
  if (auto row = count->next(); !row) return row.error();
  figures.audits = count->number(0);
  auto newest = database.query("SELECT made_at FROM audits WHERE cluster = $1 ORDER BY id DESC LIMIT 1");
  if (!newest) return newest.error();
  const auto row = newest->bind(cluster).next();
  if (!row) return row.error();
  if (*row) figures.newest = time_of(newest->number(0));
  return figures;
}

}  // namespace initscan::server
