#include "server/store/namespaces.h"

#include "server/store/database.h"

namespace initscan::server {

Result<std::vector<std::string>> namespaces_of_reports(Database& database, const std::string& cluster) {
  auto query = database.query("SELECT DISTINCT namespace FROM reports WHERE cluster = $1 AND namespace <> ''");
  if (!query) return query.error();
  query->bind(cluster);
  return texts_of(*query);
}

Result<void> add_gone_namespace(Database& database, const std::string& cluster, const std::string& name,
                                std::chrono::sys_seconds at) {
  auto insert = database.query(
      "INSERT INTO gone_namespaces (cluster, namespace, gone_at) SELECT $1, $2, $3"
      " WHERE EXISTS (SELECT 1 FROM reports r WHERE r.cluster = $1 AND r.namespace = $2 AND r.received_at <= $3"
      " AND r.received_at > coalesce((SELECT max(g.gone_at) FROM gone_namespaces g WHERE g.cluster = $1 AND "
      "g.namespace = $2), -1))"
      " ON CONFLICT DO NOTHING");
  if (!insert) return insert.error();
  const auto added = insert->bind(cluster).bind(name).bind(at.time_since_epoch().count()).run();
  return added ? Result<void>() : Result<void>(added.error());
}

}  // namespace initscan::server
