#pragma once

#include "common/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace initscan::server {

class Database;

// What a final-state policy accepted at some time: pods of then are still there.
enum class AcceptedKind : std::uint8_t { image, index_image, policy, servers };

/// How many of a kind are kept for one cluster; the newest stay.
constexpr std::size_t most_accepted(AcceptedKind kind) {
  switch (kind) {
    case AcceptedKind::image: return 50;
    case AcceptedKind::index_image: return 1'000;  // several of a day, for a year
    case AcceptedKind::policy: return 20'000;      // of all namespaces
    case AcceptedKind::servers: return 50;         // by their hashes
  }
  return 0;
}

/// In a transaction.
Result<void> add_accepted(Database& database, const std::string& cluster, AcceptedKind kind,
                          const std::vector<std::string>& names, std::chrono::sys_seconds now);

Result<std::vector<std::string>> accepted(Database& database, const std::string& cluster, AcceptedKind kind);

}  // namespace initscan::server
