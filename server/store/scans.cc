#include "server/store/scans.h"

#include "server/store/database.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace initscan::server {
namespace {

std::int64_t seconds(std::chrono::sys_seconds time) {
  return time.time_since_epoch().count();
}

// False: it was there.
Result<bool> add_run(Database& database, const SeenScan& scan) {
  // NULL where nobody said when.
  auto insert = database.query(
      "INSERT INTO scans (cluster, pod_uid, container_id, namespace, exit_code, verdict, reason, finished_at, seen_at)"
      " VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, -1), $9) ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  insert->bind(scan.cluster).bind(scan.pod_uid).bind(scan.container_id).bind(scan.namespace_);
  insert->bind(std::int64_t{scan.exit_code}).bind(scan.verdict).bind(scan.reason);
  insert->bind(scan.finished ? seconds(*scan.finished) : -1).bind(seconds(scan.seen));
  const auto added = insert->run();
  if (!added) return added.error();
  return *added > 0;
}

// What scans add to the sums, in the order of their keys: two writers that took them in different orders could wait for
// each other for ever.
struct Sums {
  using Verdict = std::tuple<std::string, std::string, std::string_view, std::string_view>;
  using Bucket = std::tuple<std::string, std::int64_t>;
  struct Duration {
    std::int64_t scans = 0;
    std::int64_t milliseconds = 0;
  };

  std::map<Verdict, std::int64_t> verdicts;
  std::map<Bucket, Duration> durations;

  void add(const SeenScan& scan) {
    ++verdicts[{scan.cluster, scan.namespace_, scan.verdict, scan.reason}];
    if (!scan.took || scan.took->count() < 0) return;
    const auto end = std::lower_bound(kDurationEnds.begin(), kDurationEnds.end(), scan.took->count());
    Duration& duration = durations[{scan.cluster, end - kDurationEnds.begin()}];
    ++duration.scans;
    duration.milliseconds += scan.took->count();
  }
};

Result<void> add_sums(Database& database, const Sums& sums) {
  for (const auto& [key, scans] : sums.verdicts) {
    auto count = database.query(
        "INSERT INTO scan_totals (cluster, namespace, verdict, reason, scans) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (cluster, namespace, verdict, reason) DO UPDATE SET scans = scan_totals.scans + excluded.scans");
    if (!count) return count.error();
    const auto& [cluster, space, verdict, reason] = key;
    const auto counted = count->bind(cluster).bind(space).bind(verdict).bind(reason).bind(scans).run();
    if (!counted) return counted.error();
  }
  for (const auto& [key, duration] : sums.durations) {
    auto count = database.query(
        "INSERT INTO scan_durations (cluster, bucket, scans, milliseconds) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (cluster, bucket) DO UPDATE SET scans = scan_durations.scans + excluded.scans,"
        " milliseconds = scan_durations.milliseconds + excluded.milliseconds");
    if (!count) return count.error();
    const auto& [cluster, bucket] = key;
    const auto counted = count->bind(cluster).bind(bucket).bind(duration.scans).bind(duration.milliseconds).run();
    if (!counted) return counted.error();
  }
  return {};
}

}  // namespace

Result<std::size_t> add_scans(Database& database, const std::vector<SeenScan>& scans) {
  std::vector<const SeenScan*> in_order;  // of their keys, as the sums
  for (const SeenScan& scan : scans) in_order.push_back(&scan);
  std::stable_sort(in_order.begin(), in_order.end(), [](const SeenScan* a, const SeenScan* b) {
    return std::tie(a->cluster, a->pod_uid, a->container_id) < std::tie(b->cluster, b->pod_uid, b->container_id);
  });
  Sums sums;
  std::size_t added = 0;
  for (const SeenScan* const scan : in_order) {
    const auto is_new = add_run(database, *scan);
    if (!is_new) return is_new.error();
    if (!*is_new) continue;
    ++added;
    sums.add(*scan);
  }
  if (auto counted = add_sums(database, sums); !counted) return counted.error();
  return added;
}

Result<std::vector<ScanTotal>> scan_totals(Database& database, const std::string& cluster) {
  auto query = database.query(
      "SELECT namespace, verdict, reason, scans FROM scan_totals WHERE cluster = $1"
      " ORDER BY namespace, verdict, reason");
  if (!query) return query.error();
  query->bind(cluster);
  return rows_of(*query, [](const Query& row) {
    return ScanTotal{row.text(0), row.text(1), row.text(2), row.number(3)};
  });
}

Result<ScanDurations> scan_durations(Database& database, const std::string& cluster) {
  auto query = database.query("SELECT bucket, scans, milliseconds FROM scan_durations WHERE cluster = $1");
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
  auto query = database.query("SELECT DISTINCT pod_uid FROM scans WHERE cluster = $1");
  if (!query) return query.error();
  query->bind(cluster);
  return texts_of(*query);
}

Result<void> forget_pods(Database& database, const std::string& cluster, const std::vector<std::string>& uids) {
  for (const std::string& uid : uids) {
    auto remove = database.query("DELETE FROM scans WHERE cluster = $1 AND pod_uid = $2");
    if (!remove) return remove.error();
    remove->bind(cluster).bind(uid);
    if (auto removed = remove->run(); !removed) return removed.error();
  }
  return {};
}

Result<void> forget_namespace(Database& database, const std::string& cluster, const std::string& name) {
  for (const char* const sql : {"DELETE FROM scans WHERE cluster = $1 AND namespace = $2",
                                "DELETE FROM scan_totals WHERE cluster = $1 AND namespace = $2"}) {
    auto remove = database.query(sql);
    if (!remove) return remove.error();
    remove->bind(cluster).bind(name);
    if (auto removed = remove->run(); !removed) return removed.error();
  }
  return {};
}

}  // namespace initscan::server
