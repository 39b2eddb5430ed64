#include "server/store/packages.h"

#include "server/store/database.h"

#include <array>
#include <span>

namespace initscan::server {
namespace {

constexpr std::size_t kColumns = 6;
constexpr std::array<std::size_t, 3> kRowsOfStatement{64, 8, 1};

std::string insert_of(std::size_t rows) {
  std::string sql = "INSERT INTO packages (cluster, sbom, type, name, version, source) VALUES ";
  for (std::size_t value = 1; value <= rows * kColumns; ++value) {
    sql += value % kColumns == 1 ? "($" : "$";
    sql += std::to_string(value);
    sql += value % kColumns != 0 ? ", " : value == rows * kColumns ? ")" : "), ";
  }
  return sql + " ON CONFLICT DO NOTHING";
}

// A database may be far away: several rows go at once.
Result<void> add_some(Database& database, const std::string& cluster, std::int64_t sbom,
                      std::span<const StoredPackage> packages, const std::string& sql) {
  auto insert = database.query(sql.c_str());
  if (!insert) return insert.error();
  for (const StoredPackage& package : packages) {
    insert->bind(cluster).bind(sbom).bind(package.type).bind(package.name).bind(package.version).bind(package.source);
  }
  const auto done = insert->run();
  return done ? Result<void>() : Result<void>(done.error());
}

// An image that does not fit as a whole is for the next page.
Result<PackagePage> without_last_image(PackagePage page) {
  const std::string last = page.rows.back().digest;
  std::erase_if(page.rows, [&](const PackageRow& row) { return row.digest == last; });
  if (page.rows.empty()) {
    return Error{Errc::unsupported,
                 "one image has it in more than " + std::to_string(kMaxSearchRows) + " places; ask for one namespace"};
  }
  page.next = page.rows.back().digest;
  return page;
}

}  // namespace

Result<void> add_packages(Database& database, const std::string& cluster, std::int64_t sbom,
                          const std::vector<StoredPackage>& packages) {
  std::span<const StoredPackage> left(packages);
  for (const std::size_t rows : kRowsOfStatement) {
    const std::string sql = insert_of(rows);
    for (; left.size() >= rows; left = left.subspan(rows)) {
      if (auto added = add_some(database, cluster, sbom, left.first(rows), sql); !added) return added;
    }
  }
  return {};
}

Result<PackagePage> find_package(Database& database, const View& view, const std::string& name,
                                 const std::string& after, std::size_t most_images) {
  auto query = database.query(
      "SELECT digest, reference, namespace, type, name, version, source, received_at FROM"
      " (SELECT r.digest, r.reference, r.namespace, p.type, p.name, p.version, p.source, r.received_at, row_number()"
      " OVER (PARTITION BY r.digest, r.namespace, p.type, p.name, p.version, p.source"
      " ORDER BY r.received_at DESC, r.id DESC) AS place"
      " FROM packages p JOIN sboms s ON s.id = p.sbom"
      " JOIN reports r ON r.cluster = s.cluster AND r.sbom_sha256 = s.sha256"
      " WHERE p.cluster = $1 AND (p.name = $2 OR p.source = $2) AND ($3 = '' OR r.namespace = $3)"
      " AND r.digest > $4) newest"
      " WHERE place = 1 ORDER BY digest, namespace, type, name, version, source LIMIT $5");
  if (!query) return query.error();
  query->bind(view.cluster).bind(name).bind(view.namespace_).bind(after);
  query->bind(static_cast<std::int64_t>(kMaxSearchRows + 1));
  PackagePage page;
  std::size_t images = 0;
  for (;;) {
    const auto row = query->next();
    if (!row) return row.error();
    if (!*row) return page;
    const bool is_new = page.rows.empty() || page.rows.back().digest != query->text(0);
    if (is_new && images == most_images) {
      page.next = page.rows.back().digest;
      return page;
    }
    if (page.rows.size() == kMaxSearchRows) return without_last_image(std::move(page));
    if (is_new) ++images;
    page.rows.push_back({query->text(0), query->text(1), query->text(2),
                         StoredPackage{query->text(3), query->text(4), query->text(5), query->text(6)},
                         std::chrono::sys_seconds(std::chrono::seconds(query->number(7)))});
  }
}

Result<std::int64_t> images_not_searched(Database& database, const View& view) {
  auto query = database.query(
      "SELECT count(*) FROM (SELECT r.digest FROM reports r"
      " LEFT JOIN sboms s ON s.cluster = r.cluster AND s.sha256 = r.sbom_sha256"
      " WHERE r.cluster = $1 AND ($2 = '' OR r.namespace = $2) GROUP BY r.digest"
      " HAVING max(CASE WHEN s.id IS NULL THEN 0 ELSE 1 END) = 0"
      " OR max(CASE WHEN s.id IS NULL OR s.is_whole = 1 THEN 0 ELSE 1 END) = 1) partly");
  if (!query) return query.error();
  const auto row = query->bind(view.cluster).bind(view.namespace_).next();
  if (!row) return row.error();
  return query->number(0);
}

}  // namespace initscan::server
