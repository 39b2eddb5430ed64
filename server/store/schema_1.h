#pragma once

namespace initscan::server {

// What has been reported. Every key begins with the cluster, times are seconds since 1970, digests are 64 hexadecimal
// digits but an image's, which is as registries write it. Nothing here was checked against a cluster: it is what the
// holders of tokens said, and clears nothing.
inline constexpr const char* kSchema1 = R"sql(
CREATE TABLE sboms (
  id INTEGER PRIMARY KEY,
  cluster TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  packed BLOB NOT NULL,
  stored_at INTEGER NOT NULL,
  UNIQUE (cluster, sha256)
) STRICT;

CREATE TABLE packages (
  cluster TEXT NOT NULL,
  sbom INTEGER NOT NULL REFERENCES sboms (id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (cluster, sbom, type, name, version, source)
) STRICT, WITHOUT ROWID;

CREATE INDEX packages_by_name ON packages (cluster, name);
CREATE INDEX packages_by_source ON packages (cluster, source);
CREATE INDEX packages_by_sbom ON packages (sbom);

CREATE TABLE images (
  cluster TEXT NOT NULL,
  digest TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  PRIMARY KEY (cluster, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE reports (
  id INTEGER PRIMARY KEY,
  cluster TEXT NOT NULL,
  digest TEXT NOT NULL,
  reference TEXT NOT NULL,
  namespace TEXT NOT NULL,
  pod TEXT NOT NULL,
  pod_uid TEXT NOT NULL,
  node TEXT NOT NULL,
  reporter TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'undecided', 'fail')),
  critical INTEGER NOT NULL,
  critical_fixable INTEGER NOT NULL,
  high INTEGER NOT NULL,
  high_fixable INTEGER NOT NULL,
  medium INTEGER NOT NULL,
  medium_fixable INTEGER NOT NULL,
  low INTEGER NOT NULL,
  low_fixable INTEGER NOT NULL,
  negligible INTEGER NOT NULL,
  negligible_fixable INTEGER NOT NULL,
  unknown INTEGER NOT NULL,
  unknown_fixable INTEGER NOT NULL,
  data_date TEXT NOT NULL,
  policy_sha256 TEXT NOT NULL,
  sbom_sha256 TEXT,
  verdict_sha256 TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  FOREIGN KEY (cluster, digest) REFERENCES images (cluster, digest) ON DELETE CASCADE,
  FOREIGN KEY (cluster, sbom_sha256) REFERENCES sboms (cluster, sha256),
  UNIQUE (cluster, digest, reporter, namespace, pod_uid, verdict_sha256)
) STRICT;

CREATE INDEX reports_by_age ON reports (cluster, digest, received_at);
CREATE INDEX reports_by_time ON reports (received_at);
CREATE INDEX reports_by_sbom ON reports (cluster, sbom_sha256);
)sql";

}  // namespace initscan::server
