#pragma once

namespace initscan::server {

// What the reports of each namespace take, and of each client outside of a cluster: an estimate that counts each SBOM
// once for each of them, so that nobody's part depends on what others report. Where the namespace is not "", the client
// is. The figures of what is there already are those of cost_of() in server/store/packages.h and of kReportBytes.
inline constexpr const char* kSchema7 = R"sql(
ALTER TABLE sboms ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;

UPDATE sboms SET cost = length(packed) + coalesce((SELECT sum(4 * (32 + length(p.cluster) + length(p.type)
  + length(p.name) + length(p.version) + length(p.source))) FROM packages p WHERE p.sbom = sboms.id), 0);

CREATE TABLE shares (
  cluster TEXT NOT NULL,
  namespace TEXT NOT NULL,
  client TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (cluster, namespace, client)
) STRICT, WITHOUT ROWID;

INSERT INTO shares (cluster, namespace, client, bytes)
  SELECT cluster, namespace, client, sum(bytes) FROM (
    SELECT cluster, namespace, CASE WHEN namespace = '' THEN reporter ELSE '' END AS client, 1024 * count(*) AS bytes
      FROM reports GROUP BY cluster, namespace, CASE WHEN namespace = '' THEN reporter ELSE '' END
    UNION ALL
    SELECT o.cluster, o.namespace, o.client, s.cost FROM (
      SELECT DISTINCT cluster, namespace, CASE WHEN namespace = '' THEN reporter ELSE '' END AS client, sbom_sha256
        FROM reports) o
      JOIN sboms s ON s.cluster = o.cluster AND s.sha256 = o.sbom_sha256) parts
  GROUP BY cluster, namespace, client;

CREATE INDEX reports_by_place ON reports (cluster, namespace, digest, id);
CREATE INDEX reports_by_owner ON reports (cluster, namespace, sbom_sha256, reporter);
)sql";

}  // namespace initscan::server
