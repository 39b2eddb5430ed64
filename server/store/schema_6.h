#pragma once

namespace initscan::server {

// Policies and images of indexes, too, that were accepted at some time, beside those of initscan.
inline constexpr const char* kSchema6 = R"sql(
CREATE TABLE accepted (
  cluster TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (cluster, kind, name)
) STRICT, WITHOUT ROWID;

INSERT INTO accepted (cluster, kind, name, seen_at) SELECT cluster, 'image', image, seen_at FROM scanner_images;

DROP TABLE scanner_images;
)sql";

}  // namespace initscan::server
