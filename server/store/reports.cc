#include "server/store/reports.h"

#include "common/crypto/sha256.h"
#include "server/store/database.h"
#include "server/store/packages.h"
#include "server/store/packed.h"
#include "server/store/shares.h"

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
      "INSERT INTO sboms (cluster, sha256, bytes, packed, stored_at, is_whole, cost)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id");
  if (!insert) return insert.error();
  insert->bind(report.cluster).bind(sbom.sha256).bind(static_cast<std::int64_t>(sbom.bytes)).bind_blob(sbom.packed);
  insert->bind(seconds(report.received_at)).bind(std::int64_t{sbom.is_whole}).bind(cost_of(report.cluster, sbom));
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
  report.workload_kind = row.text(27);
  report.workload = row.text(28);
  return numbered;
}

// The same report, as it is in the store.
struct Former {
  std::int64_t id = 0;
  std::string reference;
  std::optional<std::string> sbom_sha256;
  bool is_newest = false;  // on its image
  std::string workload_kind;
  std::string workload;
};

Result<std::optional<Former>> find_former(Database& database, const Report& report) {
  auto query = database.query(
      "SELECT r.id, r.reference, r.sbom_sha256, CASE WHEN EXISTS (SELECT 1 FROM reports n WHERE"
      " n.cluster = r.cluster AND n.digest = r.digest AND n.id > r.id) THEN 1 ELSE 0 END,"
      " r.workload_kind, r.workload FROM reports r WHERE r.cluster = $1 AND r.digest = $2"
      " AND r.reporter = $3 AND r.namespace = $4 AND r.pod_uid = $5 AND r.verdict_sha256 = $6");
  if (!query) return query.error();
  query->bind(report.cluster).bind(report.digest).bind(report.reporter).bind(report.namespace_).bind(report.pod_uid);
  const auto row = query->bind(report.verdict_sha256).next();
  if (!row) return row.error();
  if (!*row) return std::optional<Former>();
  Former former{query->number(0), query->text(1), std::nullopt, query->number(3) == 0, query->text(4), query->text(5)};
  if (!query->is_null(2)) former.sbom_sha256 = query->text(2);
  return std::optional(std::move(former));
}

bool says_nothing_new(const Former& former, const Report& report) {
  const bool has_same_sbom = !report.sbom_sha256 || report.sbom_sha256 == former.sbom_sha256;
  const bool has_same_workload = report.workload_kind.empty() ||
                                 (report.workload_kind == former.workload_kind && report.workload == former.workload);
  return former.is_newest && has_same_sbom && has_same_workload && report.reference == former.reference;
}

Result<void> remove_report(Database& database, std::int64_t id) {
  auto remove = database.query("DELETE FROM reports WHERE id = $1");
  if (!remove) return remove.error();
  const auto removed = remove->bind(id).run();
  return removed ? Result<void>() : Result<void>(removed.error());
}

Result<void> insert_report(Database& database, const Report& report) {
  auto insert = database.query(
      "INSERT INTO reports (cluster, digest, reference, namespace, pod, pod_uid, node, reporter, verdict, critical,"
      " critical_fixable, high, high_fixable, medium, medium_fixable, low, low_fixable, negligible,"
      " negligible_fixable, unknown, unknown_fixable, data_date, policy_sha256, sbom_sha256, verdict_sha256,"
      " received_at, workload_kind, workload)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,"
      " $23, $24, $25, $26, $27, $28) ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  insert->bind(report.cluster).bind(report.digest).bind(report.reference);
  insert->bind(report.namespace_).bind(report.pod).bind(report.pod_uid).bind(report.node);
  insert->bind(report.reporter).bind(report.verdict);
  bind(*insert, report.counts);
  insert->bind(report.data_date).bind(report.policy_sha256).bind_optional(report.sbom_sha256);
  insert->bind(report.verdict_sha256).bind(seconds(report.received_at));
  insert->bind(report.workload_kind).bind(report.workload);
  const auto added = insert->run();
  return added ? Result<void>() : Result<void>(added.error());
}

// What it adds to what its namespace, or its client, has in the store.
Result<std::int64_t> added_bytes(Database& database, const Report& report, const std::optional<StoredSbom>& sbom,
                                 bool takes_a_place) {
  const std::int64_t own = takes_a_place ? 0 : kReportBytes;
  if (!sbom) return own;
  const auto is_known = has_sbom(database, report, sbom->sha256);
  if (!is_known) return is_known.error();
  return own + (*is_known ? 0 : cost_of(report.cluster, *sbom));
}

}  // namespace

Result<bool> add_report(Database& database, const Report& report, const std::optional<StoredSbom>& sbom,
                        const StoreRoom& room) {
  const auto former = find_former(database, report);
  if (!former) return former.error();
  if (*former && says_nothing_new(**former, report)) return false;
  const auto bytes = added_bytes(database, report, sbom, former->has_value());
  if (!bytes) return bytes.error();
  // Before the rows, of which there may be many.
  if (auto charged = charge(database, report, *bytes, room); !charged) return charged.error();
  Report added = report;
  if (*former) {
    if (!added.sbom_sha256) added.sbom_sha256 = (*former)->sbom_sha256;
    if (added.workload_kind.empty()) {
      added.workload_kind = (*former)->workload_kind;
      added.workload = (*former)->workload;
    }
    if (auto removed = remove_report(database, (*former)->id); !removed) return removed.error();
  }
  if (sbom) {
    if (auto kept = add_sbom(database, added, *sbom); !kept) return kept.error();
  }
  if (auto kept = add_image(database, added); !kept) return kept.error();
  if (auto kept = insert_report(database, added); !kept) return kept.error();
  return true;
}

Result<std::vector<NumberedReport>> reports_of_image(Database& database, const View& view, const std::string& digest,
                                                     std::int64_t before, std::size_t most) {
  auto query = database.query(
      "SELECT r.id, r.cluster, r.digest, r.reference, r.namespace, r.pod, r.pod_uid, r.node, r.reporter, r.verdict,"
      " r.data_date, r.policy_sha256, r.sbom_sha256, r.verdict_sha256, r.received_at,"
      " r.critical, r.critical_fixable, r.high, r.high_fixable, r.medium, r.medium_fixable, r.low, r.low_fixable,"
      " r.negligible, r.negligible_fixable, r.unknown, r.unknown_fixable, r.workload_kind, r.workload"
      " FROM reports r WHERE r.cluster = $1 AND r.digest = $2 AND ($3 = 0 OR r.id < $3)"
      " AND ($4 = '' OR r.namespace = $4) ORDER BY r.id DESC LIMIT $5");
  if (!query) return query.error();
  query->bind(view.cluster).bind(digest).bind(before).bind(view.namespace_).bind(static_cast<std::int64_t>(most));
  return rows_of(*query, [](const Query& row) { return report_from(row); });
}

Result<std::vector<ImageRow>> images(Database& database, const View& view, const std::string& after, std::size_t most) {
  // Of one namespace what was reported from it alone, and nothing is looked at of the others.
  auto query = view.namespace_.empty()
                   ? database.query(
                         "SELECT i.digest, r.reference, i.first_seen, i.last_seen, r.verdict,"
                         " r.critical, r.critical_fixable, r.high, r.high_fixable, r.medium,"
                         " r.medium_fixable, r.low, r.low_fixable, r.negligible, r.negligible_fixable,"
                         " r.unknown, r.unknown_fixable FROM images i JOIN reports r ON r.id ="
                         " (SELECT max(id) FROM reports WHERE cluster = i.cluster AND digest = i.digest)"
                         " WHERE i.cluster = $1 AND i.digest > $2 ORDER BY i.digest LIMIT $3")
                   : database.query(
                         "SELECT r.digest, r.reference, i.first_seen, r.received_at, r.verdict,"
                         " r.critical, r.critical_fixable, r.high, r.high_fixable, r.medium,"
                         " r.medium_fixable, r.low, r.low_fixable, r.negligible, r.negligible_fixable,"
                         " r.unknown, r.unknown_fixable FROM (SELECT max(id) AS id,"
                         " min(received_at) AS first_seen FROM reports WHERE cluster = $1 AND digest > $2"
                         " AND namespace = $3 GROUP BY digest ORDER BY digest LIMIT $4) i"
                         " JOIN reports r ON r.id = i.id ORDER BY r.digest");
  if (!query) return query.error();
  query->bind(view.cluster).bind(after);
  if (!view.namespace_.empty()) query->bind(view.namespace_);
  query->bind(static_cast<std::int64_t>(most));
  return rows_of(*query, [](const Query& row) {
    return ImageRow{row.text(0), row.text(1),        time_of(row.number(2)), time_of(row.number(3)),
                    row.text(4), counts_from(row, 5)};
  });
}

Result<std::optional<SbomDocument>> sbom_of_image(Database& database, const View& view, const std::string& digest,
                                                  std::size_t most) {
  auto query = database.query(
      "SELECT s.sha256, s.bytes, s.packed FROM reports r JOIN sboms s ON s.cluster = r.cluster AND s.sha256 = "
      "r.sbom_sha256"
      " WHERE r.cluster = $1 AND r.digest = $2 AND ($3 = '' OR r.namespace = $3) ORDER BY r.id DESC LIMIT 1");
  if (!query) return query.error();
  query->bind(view.cluster).bind(digest).bind(view.namespace_);
  const auto row = query->next();
  if (!row) return row.error();
  if (!*row) return std::optional<SbomDocument>();
  SbomDocument document{query->text(0), {}};
  const bool is_larger = query->number(1) > static_cast<std::int64_t>(most);
  if (is_larger && most < kMaxStoredSbomBytes) return std::optional(std::move(document));
  auto text = unpack(query->text(2), most);
  if (!text) return std::move(text).error().within("the SBOM " + document.sha256 + " in the store");
  if (sha256_hex(*text) != document.sha256) {
    return Error{Errc::malformed, "the SBOM " + document.sha256 + " in the store is damaged"};
  }
  document.text = std::move(*text);
  return std::optional(std::move(document));
}

}  // namespace initscan::server
