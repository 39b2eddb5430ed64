#pragma once

#include "server/store/scans.h"
#include "server/watch/cluster_watch.h"
#include "server/watch/pod_table.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace initscan::server {

inline constexpr std::size_t kMaxNamedNamespaces = 2000;    // in metrics; what is in others is told as one
inline constexpr const char* kOtherNamespaces = "_others";  // no namespace can be called so

// What there is to tell at one moment.
struct ScanFigures {
  bool is_leader = false;  // the one replica that tells of the cluster
  std::map<std::string, NamespaceFigures> namespaces;
  bool store_is_readable = true;  // otherwise nobody knows totals and durations
  std::vector<ScanTotal> totals;
  ScanDurations durations;
  std::vector<WatchedResource> watched;
  std::size_t scans_waiting = 0;  // for the store
  std::size_t events_lost = 0;
  std::optional<std::chrono::sys_seconds> advisory_date;  // the oldest that a scan of the last day had
  std::chrono::duration<double> certificate_ends_in{0};   // of this process
};

/// The metrics, as Prometheus reads them. A replica that does not lead tells of itself alone.
std::string render_metrics(const ScanFigures& figures);

}  // namespace initscan::server
