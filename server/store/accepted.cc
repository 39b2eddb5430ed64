#include "server/store/accepted.h"

#include "server/store/database.h"

#include <string_view>

namespace initscan::server {
namespace {

constexpr std::string_view word_of(AcceptedKind kind) {
  switch (kind) {
    case AcceptedKind::image: return "image";
    case AcceptedKind::index_image: return "index";
    case AcceptedKind::policy: return "policy";
    case AcceptedKind::servers: return "servers";
  }
  return "";
}

}  // namespace

Result<void> add_accepted(Database& database, const std::string& cluster, AcceptedKind kind,
                          const std::vector<std::string>& names, std::chrono::sys_seconds now) {
  for (const std::string& name : names) {
    auto insert = database.query(
        "INSERT INTO accepted (cluster, kind, name, seen_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (cluster, kind, name) DO UPDATE SET seen_at = excluded.seen_at");
    if (!insert) return insert.error();
    insert->bind(cluster).bind(word_of(kind)).bind(name).bind(now.time_since_epoch().count());
    if (const auto added = insert->run(); !added) return added.error();
  }
  auto prune = database.query(
      "DELETE FROM accepted WHERE cluster = $1 AND kind = $2 AND name NOT IN (SELECT name FROM accepted"
      " WHERE cluster = $1 AND kind = $2 ORDER BY seen_at DESC, name LIMIT $3)");
  if (!prune) return prune.error();
  prune->bind(cluster).bind(word_of(kind)).bind(static_cast<std::int64_t>(most_accepted(kind)));
  const auto pruned = prune->run();
  return pruned ? Result<void>() : Result<void>(pruned.error());
}

Result<std::vector<std::string>> accepted(Database& database, const std::string& cluster, AcceptedKind kind) {
  auto select = database.query("SELECT name FROM accepted WHERE cluster = $1 AND kind = $2 ORDER BY name");
  if (!select) return select.error();
  select->bind(cluster).bind(word_of(kind));
  return texts_of(*select);
}

}  // namespace initscan::server
