#include "server/store/reports.h"

#include "common/crypto/sha256.h"
#include "server/store/database.h"
#include "server/store/packages.h"
#include "server/store/packed.h"

#include <array>

namespace initscan::server {
namespace {

std::int64_t seconds(std::chrono::sys_seconds time) {
  return time.time_since_epoch().count();
}

std::chrono::sys_seconds time_of(std::int64_t seconds) {
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

Result<void> add_sbom(Database& database, const Report& report, const StoredSbom& sbom) {
  auto insert = database.query(
      "INSERT INTO sboms (cluster, sha256, bytes, packed, stored_at, is_whole) VALUES ($1, $2, $3, $4, $5, $6)"
      " ON CONFLICT DO NOTHING RETURNING id");
  if (!insert) return insert.error();
  insert->bind(report.cluster).bind(sbom.sha256).bind(static_cast<std::int64_t>(sbom.bytes)).bind_blob(sbom.packed);
  insert->bind(seconds(report.received_at)).bind(std::int64_t{sbom.is_whole});
  const auto is_new = insert->next();
  if (!is_new) return is_new.error();
  if (!*is_new) return {};
  const std::int64_t id = insert->number(0);
  if (const auto done = insert->run(); !done) return done.error();
  return add_packages(database, report.cluster, id, sbom.packages);
}

Result<void> add_image(Database& database, const Report& report) {
  auto insert = database.query(
      "INSERT INTO images (cluster, digest, first_seen, last_seen) VALUES ($1, $2, $3, $3)"
      " ON CONFLICT (cluster, digest) DO UPDATE SET last_seen ="
      " CASE WHEN excluded.last_seen > images.last_seen THEN excluded.last_seen ELSE images.last_seen END");
  if (!insert) return insert.error();
  insert->bind(report.cluster).bind(report.digest).bind(seconds(report.received_at));
  const auto done = insert->run();
  return done ? Result<void>() : Result<void>(done.error());
}

// In the order of the columns.
constexpr std::array kSeverityColumns{Severity::critical, Severity::high,       Severity::medium,
                                      Severity::low,      Severity::negligible, Severity::unknown};

FindingCounts counts_from(const Query& row, int column) {
  FindingCounts counts;
  for (const Severity severity : kSeverityColumns) {
    counts[severity].findings = static_cast<std::size_t>(row.number(column++));
    counts[severity].fixable = static_cast<std::size_t>(row.number(column++));
  }
  return counts;
}

void bind(Query& query, const FindingCounts& counts) {
  for (const Severity severity : kSeverityColumns) {
    query.bind(static_cast<std::int64_t>(counts[severity].findings));
    query.bind(static_cast<std::int64_t>(counts[severity].fixable));
  }
}

NumberedReport report_from(const Query& row) {
  NumberedReport numbered;
  numbered.id = row.number(0);
  Report& report = numbered.report;
  report.cluster = row.text(1);
  report.digest = row.text(2);
  report.reference = row.text(3);
  report.namespace_ = row.text(4);
  report.pod = row.text(5);
  report.pod_uid = row.text(6);
  report.node = row.text(7);
  report.reporter = row.text(8);
  report.verdict = row.text(9);
  report.data_date = row.text(10);
  report.policy_sha256 = row.text(11);
  if (!row.is_null(12)) report.sbom_sha256 = row.text(12);
  report.verdict_sha256 = row.text(13);
  report.received_at = time_of(row.number(14));
  report.counts = counts_from(row, 15);
  return numbered;
}

}  // namespace

Result<bool> add_report(Database& database, const Report& report, const std::optional<StoredSbom>& sbom) {
  if (sbom) {
    if (auto added = add_sbom(database, report, *sbom); !added) return added.error();
  }
  if (auto added = add_image(database, report); !added) return added.error();
  auto insert = database.query(
      "INSERT INTO reports (cluster, digest, reference, namespace, pod, pod_uid, node, reporter, verdict, critical,"
      " critical_fixable, high, high_fixable, medium, medium_fixable, low, low_fixable, negligible,"
      " negligible_fixable, unknown, unknown_fixable, data_date, policy_sha256, sbom_sha256, verdict_sha256, "
      "received_at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,"
      " $23, $24, $25, $26) ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  insert->bind(report.cluster).bind(report.digest).bind(report.reference);
  insert->bind(report.namespace_).bind(report.pod).bind(report.pod_uid).bind(report.node);
  insert->bind(report.reporter).bind(report.verdict);
  bind(*insert, report.counts);
  insert->bind(report.data_date).bind(report.policy_sha256).bind_optional(report.sbom_sha256);
  insert->bind(report.verdict_sha256).bind(seconds(report.received_at));
  const auto added = insert->run();
  if (!added) return added.error();
  return *added > 0;
}

Result<std::vector<NumberedReport>> reports_of_image(Database& database, const View& view, const std::string& digest,
                                                     std::int64_t before, std::size_t most) {
  auto query = database.query(
      "SELECT r.id, r.cluster, r.digest, r.reference, r.namespace, r.pod, r.pod_uid, r.node, r.reporter, r.verdict,"
      " r.data_date, r.policy_sha256, r.sbom_sha256, r.verdict_sha256, r.received_at,"
      " r.critical, r.critical_fixable, r.high, r.high_fixable, r.medium, r.medium_fixable, r.low, r.low_fixable,"
      " r.negligible, r.negligible_fixable, r.unknown, r.unknown_fixable"
      " FROM reports r WHERE r.cluster = $1 AND r.digest = $2 AND ($3 = 0 OR r.id < $3)"
      " AND ($4 = '' OR r.namespace = $4) ORDER BY r.id DESC LIMIT $5");
  if (!query) return query.error();
  query->bind(view.cluster).bind(digest).bind(before).bind(view.namespace_).bind(static_cast<std::int64_t>(most));
  std::vector<NumberedReport> reports;
  for (;;) {
    const auto row = query->next();
    if (!row) return row.error();
    if (!*row) return reports;
    reports.push_back(report_from(*query));
  }
}

Result<std::vector<ImageRow>> images(Database& database, const View& view, const std::string& after, std::size_t most) {
  auto query = database.query(
      "SELECT i.digest, r.reference,"
      // Of one namespace what was reported from it alone.
      " CASE WHEN $1 = '' THEN i.first_seen ELSE (SELECT min(received_at) FROM reports"
      " WHERE cluster = i.cluster AND digest = i.digest AND namespace = $1) END,"
      " CASE WHEN $1 = '' THEN i.last_seen ELSE r.received_at END, r.verdict,"
      " r.critical, r.critical_fixable, r.high, r.high_fixable, r.medium, r.medium_fixable, r.low, r.low_fixable,"
      " r.negligible, r.negligible_fixable, r.unknown, r.unknown_fixable"
      " FROM images i JOIN reports r ON r.id ="
      " (SELECT max(id) FROM reports WHERE cluster = i.cluster AND digest = i.digest AND ($1 = '' OR namespace = $1))"
      " WHERE i.cluster = $2 AND i.digest > $3 ORDER BY i.digest LIMIT $4");
  if (!query) return query.error();
  query->bind(view.namespace_).bind(view.cluster).bind(after).bind(static_cast<std::int64_t>(most));
  std::vector<ImageRow> rows;
  for (;;) {
    const auto row = query->next();
    if (!row) return row.error();
    if (!*row) return rows;
    rows.push_back({query->text(0), query->text(1), time_of(query->number(2)), time_of(query->number(3)),
                    query->text(4), counts_from(*query, 5)});
  }
}

Result<std::optional<SbomDocument>> sbom_of_image(Database& database, const View& view, const std::string& digest) {
  auto query = database.query(
      "SELECT s.sha256, s.packed FROM reports r JOIN sboms s ON s.cluster = r.cluster AND s.sha256 = r.sbom_sha256"
      " WHERE r.cluster = $1 AND r.digest = $2 AND ($3 = '' OR r.namespace = $3) ORDER BY r.id DESC LIMIT 1");
  if (!query) return query.error();
  query->bind(view.cluster).bind(digest).bind(view.namespace_);
  const auto row = query->next();
  if (!row) return row.error();
  if (!*row) return std::optional<SbomDocument>();
  SbomDocument document{query->text(0), {}};
  auto text = unpack(query->text(1), kMaxStoredSbomBytes);
  if (!text) return std::move(text).error().within("the SBOM " + document.sha256 + " in the store");
  if (sha256_hex(*text) != document.sha256) {
    return Error{Errc::malformed, "the SBOM " + document.sha256 + " in the store is damaged"};
  }
  document.text = std::move(*text);
  return std::optional(std::move(document));
}

}  // namespace initscan::server
