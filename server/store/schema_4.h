#pragma once

namespace initscan::server {

// Namespaces that a cluster had no longer at some time: what was reported from them until then is kept for a while. One
// that comes back under the same name is another one.
inline constexpr const char* kSchema4 = R"sql(
CREATE TABLE gone_namespaces (
  cluster TEXT NOT NULL,
  namespace TEXT NOT NULL,
  gone_at INTEGER NOT NULL,
  PRIMARY KEY (cluster, namespace, gone_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX reports_by_namespace ON reports (cluster, namespace, received_at);
)sql";

}  // namespace initscan::server
