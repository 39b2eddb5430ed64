#pragma once

namespace initscan::server {

// What audits of clusters found: the report of each as it was sent, and its sums, which a list of them shows.
inline constexpr const char* kSchema3 = R"sql(
CREATE TABLE audits (
  id INTEGER PRIMARY KEY,
  cluster TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  reporter TEXT NOT NULL,
  summary TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  packed BLOB NOT NULL,
  UNIQUE (cluster, sha256)
) STRICT;

CREATE INDEX audits_by_time ON audits (received_at);
)sql";

}  // namespace initscan::server
