#pragma once

namespace initscan::server {

// What was seen of pods: each run of a gate once, and what all of them came to. A run stays for as long as its pod is
// there, so that it is not counted again; the sums stay as long as their namespace.
inline constexpr const char* kSchema2 = R"sql(
CREATE TABLE scans (
  cluster TEXT NOT NULL,
  pod_uid TEXT NOT NULL,
  container_id TEXT NOT NULL,
  namespace TEXT NOT NULL,
  exit_code INTEGER NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('pass', 'undecided', 'fail')),
  reason TEXT NOT NULL,
  finished_at INTEGER,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (cluster, pod_uid, container_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE scan_totals (
  cluster TEXT NOT NULL,
  namespace TEXT NOT NULL,
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  scans INTEGER NOT NULL,
  PRIMARY KEY (cluster, namespace, verdict, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE scan_durations (
  cluster TEXT NOT NULL,
  bucket INTEGER NOT NULL,
  scans INTEGER NOT NULL,
  milliseconds INTEGER NOT NULL,
  PRIMARY KEY (cluster, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE scanner_images (
  cluster TEXT NOT NULL,
  image TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (cluster, image)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace initscan::server
