#pragma once

namespace initscan::server {

// What made the pod that a report came from, "" where nobody knew; and what a package is called without the name of
// whose it is, as people ask for it: log4j-core of org.apache.logging.log4j:log4j-core. "" where it is the same. The
// figures are those of cost_of() in server/store/packages.h.
inline constexpr const char* kSchema8 = R"sql(
ALTER TABLE reports ADD COLUMN workload_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE reports ADD COLUMN workload TEXT NOT NULL DEFAULT '';

ALTER TABLE packages ADD COLUMN short_name TEXT NOT NULL DEFAULT '';

UPDATE packages SET short_name = replace(name, rtrim(name, replace(name, ':', '')), '')
  WHERE type = 'maven' AND name LIKE '%:_%';
UPDATE packages SET short_name = replace(name, rtrim(name, replace(name, '/', '')), '')
  WHERE type IN ('composer', 'golang', 'hex', 'npm') AND name LIKE '%/_%';

CREATE INDEX packages_by_short_name ON packages (cluster, short_name) WHERE short_name <> '';

UPDATE sboms SET cost = cost + coalesce((SELECT sum(32 + length(p.cluster) + length(p.type) + length(p.name)
  + length(p.version) + length(p.source) + length(p.short_name)) FROM packages p
  WHERE p.sbom = sboms.id AND p.short_name <> ''), 0);
)sql";

}  // namespace initscan::server
