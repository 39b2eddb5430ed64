#pragma once

#include "common/result.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::server {

class Database;

// Upper ends of how long scans take, in milliseconds; behind the last there is one more bucket.
inline constexpr std::array<std::int64_t, 12> kDurationEnds{10,   25,   50,   100,    250,    500,
                                                            1000, 2500, 5000, 10'000, 30'000, 60'000};

// One run of a gate, as a pod's status tells of it.
struct SeenScan {
  std::string cluster;
  std::string namespace_;
  std::string pod_uid;
  std::string container_id;
  int exit_code = 0;
  std::string_view verdict;  // pass, undecided or fail
  std::string_view reason;   // an id of ours, or ""
  std::optional<std::chrono::sys_seconds> finished;
  std::optional<std::chrono::milliseconds> took;
  std::chrono::sys_seconds seen;
};

/// Adds those that are not there yet, and counts each of them once; how many were new. In a transaction.
/// Errors: as of Database::execute().
Result<std::size_t> add_scans(Database& database, const std::vector<SeenScan>& scans);

/// What all scans of a cluster came to.
struct ScanTotal {
  std::string namespace_;
  std::string verdict;
  std::string reason;
  std::int64_t scans = 0;

  bool operator==(const ScanTotal&) const = default;
};
struct ScanDurations {
  std::array<std::int64_t, kDurationEnds.size() + 1> scans{};  // by bucket
  std::int64_t milliseconds = 0;                               // of all together

  bool operator==(const ScanDurations&) const = default;
};
Result<std::vector<ScanTotal>> scan_totals(Database& database, const std::string& cluster);
Result<ScanDurations> scan_durations(Database& database, const std::string& cluster);

/// Of which pods there are scans.
Result<std::vector<std::string>> pods_with_scans(Database& database, const std::string& cluster);

/// Takes away the runs of pods that are gone; their sums stay. In a transaction.
Result<void> forget_pods(Database& database, const std::string& cluster, const std::vector<std::string>& uids);

/// Takes away everything that is known of a namespace that is gone. In a transaction.
Result<void> forget_namespace(Database& database, const std::string& cluster, const std::string& name);

}  // namespace initscan::server
