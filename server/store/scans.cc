#include "server/store/scans.h"

#include "server/store/database.h"

#include <algorithm>

namespace initscan::server {
namespace {

std::int64_t seconds(std::chrono::sys_seconds time) {
  return time.time_since_epoch().count();
}

Result<void> without_count(const Result<std::int64_t>& changed) {
  return changed ? Result<void>() : Result<void>(changed.error());
}

// False: it was there.
Result<bool> add_run(Database& database, const SeenScan& scan) {
  // NULL where nobody said when.
  auto insert = database.query(
      "INSERT INTO scans (cluster, pod_uid, container_id, namespace, exit_code, verdict, reason, finished_at, seen_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, -1), ?) ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  insert->bind(scan.cluster).bind(scan.pod_uid).bind(scan.container_id).bind(scan.namespace_);
  insert->bind(std::int64_t{scan.exit_code}).bind(scan.verdict).bind(scan.reason);
  insert->bind(scan.finished ? seconds(*scan.finished) : -1).bind(seconds(scan.seen));
  const auto added = insert->run();
  if (!added) return added.error();
  return *added > 0;
}

Result<void> count_verdict(Database& database, const SeenScan& scan) {
  auto count = database.query(
      "INSERT INTO scan_totals (cluster, namespace, verdict, reason, scans) VALUES (?, ?, ?, ?, 1)"
      " ON CONFLICT DO UPDATE SET scans = scans + 1");
  if (!count) return count.error();
  count->bind(scan.cluster).bind(scan.namespace_).bind(scan.verdict).bind(scan.reason);
  return without_count(count->run());
}

Result<void> count_duration(Database& database, const SeenScan& scan) {
  if (!scan.took || scan.took->count() < 0) return {};
  const auto end = std::lower_bound(kDurationEnds.begin(), kDurationEnds.end(), scan.took->count());
  auto count = database.query(
      "INSERT INTO scan_durations (cluster, bucket, scans, milliseconds) VALUES (?1, ?2, 1, ?3)"
      " ON CONFLICT DO UPDATE SET scans = scans + 1, milliseconds = milliseconds + ?3");
  if (!count) return count.error();
  count->bind(scan.cluster).bind(std::int64_t{end - kDurationEnds.begin()}).bind(scan.took->count());
  return without_count(count->run());
}

Result<std::vector<std::string>> texts(Database& database, const char* sql, const std::string& cluster) {
  auto query = database.query(sql);
  if (!query) return query.error();
  query->bind(cluster);
  std::vector<std::string> all;
  for (;;) {
    const auto row = query->next();
    if (!row) return row.error();
    if (!*row) return all;
    all.push_back(query->text(0));
  }
}

}  // namespace

Result<std::size_t> add_scans(Database& database, const std::vector<SeenScan>& scans) {
  std::size_t added = 0;
  for (const SeenScan& scan : scans) {
    const auto is_new = add_run(database, scan);
    if (!is_new) return is_new.error();
    if (!*is_new) continue;
    ++added;
    if (auto counted = count_verdict(database, scan); !counted) return counted.error();
    if (auto counted = count_duration(database, scan); !counted) return counted.error();
  }
  return added;
}

Result<std::vector<ScanTotal>> scan_totals(Database& database, const std::string& cluster) {
  auto query = database.query(
      "SELECT namespace, verdict, reason, scans FROM scan_totals WHERE cluster = ? ORDER BY namespace, verdict, "
      "reason");
  if (!query) return query.error();
  query->bind(cluster);
  std::vector<ScanTotal> totals;
  for (;;) {
    const auto row = query->next();
    if (!row) return row.error();
    if (!*row) return totals;
    totals.push_back({query->text(0), query->text(1), query->text(2), query->number(3)});
  }
}

Result<ScanDurations> scan_durations(Database& database, const std::string& cluster) {
  auto query = database.query("SELECT bucket, scans, milliseconds FROM scan_durations WHERE cluster = ?");
  if (!query) return query.error();
  query->bind(cluster);
  ScanDurations durations;
  for (;;) {
    const auto row = query->next();
    if (!row) return row.error();
    if (!*row) return durations;
    const auto bucket = static_cast<std::size_t>(query->number(0));
    if (bucket < durations.scans.size()) durations.scans[bucket] = query->number(1);
    durations.milliseconds += query->number(2);
  }
}

Result<std::vector<std::string>> pods_with_scans(Database& database, const std::string& cluster) {
  return texts(database, "SELECT DISTINCT pod_uid FROM scans WHERE cluster = ?", cluster);
}

Result<void> forget_pods(Database& database, const std::string& cluster, const std::vector<std::string>& uids) {
  for (const std::string& uid : uids) {
    auto remove = database.query("DELETE FROM scans WHERE cluster = ? AND pod_uid = ?");
    if (!remove) return remove.error();
    remove->bind(cluster).bind(uid);
    if (auto removed = remove->run(); !removed) return removed.error();
  }
  return {};
}

Result<void> forget_namespace(Database& database, const std::string& cluster, const std::string& name) {
  for (const char* const sql : {"DELETE FROM scans WHERE cluster = ? AND namespace = ?",
                                "DELETE FROM scan_totals WHERE cluster = ? AND namespace = ?"}) {
    auto remove = database.query(sql);
    if (!remove) return remove.error();
    remove->bind(cluster).bind(name);
    if (auto removed = remove->run(); !removed) return removed.error();
  }
  return {};
}

Result<void> add_scanner_images(Database& database, const std::string& cluster, const std::vector<std::string>& images,
                                std::chrono::sys_seconds now) {
  for (const std::string& image : images) {
    auto insert = database.query(
        "INSERT INTO scanner_images (cluster, image, seen_at) VALUES (?1, ?2, ?3)"
        " ON CONFLICT DO UPDATE SET seen_at = ?3");
    if (!insert) return insert.error();
    insert->bind(cluster).bind(image).bind(seconds(now));
    if (auto added = insert->run(); !added) return added.error();
  }
  auto prune = database.query(
      "DELETE FROM scanner_images WHERE cluster = ?1 AND image NOT IN (SELECT image FROM scanner_images"
      " WHERE cluster = ?1 ORDER BY seen_at DESC, image LIMIT ?2)");
  if (!prune) return prune.error();
  prune->bind(cluster).bind(static_cast<std::int64_t>(kMaxScannerImages));
  return without_count(prune->run());
}

Result<std::vector<std::string>> scanner_images(Database& database, const std::string& cluster) {
  return texts(database, "SELECT image FROM scanner_images WHERE cluster = ? ORDER BY image", cluster);
}

}  // namespace initscan::server
