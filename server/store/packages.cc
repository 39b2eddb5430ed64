#include "server/store/packages.h"

#include "server/store/database.h"

namespace initscan::server {

Result<void> add_packages(Database& database, const std::string& cluster, std::int64_t sbom,
                          const std::vector<StoredPackage>& packages) {
  for (const StoredPackage& package : packages) {
    auto insert = database.query(
        "INSERT INTO packages (cluster, sbom, type, name, version, source) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING");
    if (!insert) return insert.error();
    insert->bind(cluster).bind(sbom).bind(package.type).bind(package.name).bind(package.version).bind(package.source);
    if (const auto done = insert->run(); !done) return done.error();
  }
  return {};
}

Result<std::vector<PackageRow>> find_package(Database& database, const View& view, const std::string& name) {
  auto query = database.query(
      // Of the columns that are not grouped SQLite takes those of the row with the maximum.
      "SELECT r.digest, r.reference, r.namespace, p.type, p.name, p.version, p.source, max(r.received_at)"
      " FROM packages p JOIN sboms s ON s.id = p.sbom"
      " JOIN reports r ON r.cluster = s.cluster AND r.sbom_sha256 = s.sha256"
      " WHERE p.cluster = ?1 AND (p.name = ?2 OR p.source = ?2) AND (?3 = '' OR r.namespace = ?3)"
      " GROUP BY r.digest, r.namespace, p.type, p.name, p.version, p.source"
      " ORDER BY r.digest, r.namespace, p.type, p.name, p.version, p.source LIMIT ?4");
  if (!query) return query.error();
  query->bind(view.cluster).bind(name).bind(view.namespace_).bind(static_cast<std::int64_t>(kMaxSearchRows + 1));
  std::vector<PackageRow> rows;
  for (;;) {
    const auto row = query->next();
    if (!row) return row.error();
    if (!*row) return rows;
    if (rows.size() == kMaxSearchRows) {
      return Error{Errc::unsupported,
                   "it is in more than " + std::to_string(kMaxSearchRows) + " places; ask for one namespace"};
    }
    rows.push_back({query->text(0), query->text(1), query->text(2),
                    StoredPackage{query->text(3), query->text(4), query->text(5), query->text(6)},
                    std::chrono::sys_seconds(std::chrono::seconds(query->number(7)))});
  }
}

}  // namespace initscan::server
