#pragma once

#include "audit/model/policy.h"
#include "audit/model/report.h"
#include "common/kube/config.h"
#include "common/result.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace initscan::audit {

// What a history keeps: the newest records, and none that is older.
struct HistoryLimits {
  std::size_t most = 60;           // records
  std::chrono::days longest{400};  // before the newest one
};

// What a store keeps of an audit: its history_record(), compressed.
struct KeptRecord {
  std::string packed;
  std::string place;  // for messages: the file, or "ConfigMap NAMESPACE/NAME: KEY"
};

// Keeps a record of each audit from one run to the next.
class HistoryStore {
 public:
  virtual ~HistoryStore() = default;

  /// The newest record; nothing if there is none yet. Errors: io; malformed - the stored record is damaged.
  virtual Result<std::optional<KeptRecord>> latest() = 0;

  /// Adds one, and removes those beyond the limits. Errors: io; over_limit - it is too large for this store.
  virtual Result<void> add(Time made, const std::string& packed) = 0;
};

/// A SQLite file, created if there is none. A damaged one is opened, so that the audit continues: its latest() and
/// add() say so, and it is left as it is. Errors: io; usage - a database of another program.
Result<std::unique_ptr<HistoryStore>> open_sqlite_history(const std::string& path, const HistoryLimits& limits = {});

inline constexpr std::size_t kMaxConfigMapBytes = 900 << 10;  // of 1 MiB that etcd takes, with base 64

/// A ConfigMap, created if there is none: as many of the newest records as fit. Needs the rights to get, create
/// and patch it.
std::unique_ptr<HistoryStore> config_map_history(KubeConfig config, std::string namespace_, std::string name,
                                                 const HistoryLimits& limits = {});

/// Compares with the newest record. Where it cannot be read the report says so in its warnings, and nothing is marked
/// as new or fixed.
void compare_with_history(AuditReport& report, HistoryStore& history, const AuditPolicy& policy);

/// Adds the report's record; a warning of the report says where that failed.
void remember(AuditReport& report, HistoryStore& history);

}  // namespace initscan::audit
