#pragma once

#include "common/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::server {

class Database;
class Store;

inline constexpr std::size_t kMaxAuditBytes = 16 << 20;  // of one report, unpacked

// What an audit of a cluster found, without its report.
struct AuditRow {
  std::int64_t id = 0;
  std::string cluster;
  std::chrono::sys_seconds made;
  std::chrono::sys_seconds received_at;
  std::string reporter;  // the token's name, or its user
  std::string summary;   // its sums, as JSON of our own
  std::string sha256;    // of the report, hexadecimal
  std::size_t bytes = 0;

  bool operator==(const AuditRow&) const = default;
};

struct KeptAudit {
  std::int64_t id = 0;
  bool is_new = false;
};

/// Keeps an audit; the same report of a cluster twice is one. `row` has no id yet, `packed` see pack(). In a
/// transaction. Errors: as of Database::execute().
Result<KeptAudit> add_audit(Database& database, const AuditRow& row, std::string_view packed);

/// The newest that were sent first, at most `most`, those before the audit `before` where it is not 0.
Result<std::vector<AuditRow>> audits(Database& database, const std::string& cluster, std::int64_t before,
                                     std::size_t most);

/// The report of one audit, or of the one that was sent last where `id` is 0; nullopt: there is none.
/// Errors: as of Database::execute(); malformed - what is stored is damaged.
struct AuditDocument {
  std::string sha256;
  std::string text;
};
Result<std::optional<AuditDocument>> audit_document(Database& database, const std::string& cluster, std::int64_t id);

// How many audits are kept.
struct AuditRetention {
  std::chrono::hours longest{30 * 24};
  std::size_t of_one_cluster = 50;
};

/// Removes what is older or more than that; how many there were. With `by_age` false nothing goes for its age.
/// Errors: as of Store::write().
Result<std::int64_t> remove_old_audits(Store& store, const AuditRetention& retention, std::chrono::sys_seconds now,
                                       bool by_age = true);

struct AuditFigures {
  std::int64_t audits = 0;
  std::optional<std::chrono::sys_seconds> newest;  // when the last one that was sent was made
};
Result<AuditFigures> audit_figures(Database& database, const std::string& cluster);

}  // namespace initscan::server
