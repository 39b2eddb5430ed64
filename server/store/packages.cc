#include "server/store/packages.h"

#include "server/store/database.h"

#include <algorithm>
#include <array>
#include <span>

namespace initscan::server {
namespace {

constexpr std::int64_t kCopies = 4;     // of a row
constexpr std::int64_t kRowBytes = 32;  // beside its texts
constexpr std::size_t kColumns = 7;
constexpr std::array<std::size_t, 3> kRowsOfStatement{64, 8, 1};

std::string insert_of(std::size_t rows) {
  std::string sql = "INSERT INTO packages (cluster, sbom, type, name, version, source, short_name) VALUES ";
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
    insert->bind(package.short_name);
  }
  const auto done = insert->run();
  return done ? Result<void>() : Result<void>(done.error());
}

std::size_t text_bytes(const PackageRow& row) {
  const StoredPackage& package = row.package;
  return row.digest.size() + row.reference.size() + row.namespace_.size() + package.type.size() + package.name.size() +
         package.version.size() + package.source.size();
}

// An image that does not fit as a whole is for the next page.
Result<PackagePage> without_last_image(PackagePage page) {
  const std::string last = page.rows.back().digest;
  std::erase_if(page.rows, [&](const PackageRow& row) { return row.digest == last; });
  if (page.rows.empty()) {
    return Error{Errc::unsupported, "one image has it in more places than an answer holds; ask for one namespace"};
  }
  page.next = page.rows.back().digest;
  return page;
}

// Of reports, which are from the namespace $3, on images behind $4. Of one namespace nothing is looked at of the
// others.
std::string of_reports(const View& view) {
  return std::string(" AND ") + (view.namespace_.empty() ? "$3 = ''" : "r.namespace = $3") + " AND r.digest > $4";
}

// Where a package has the name $2, or that as its source, or as its short name; each has an index of its own.
std::string places_by(const char* column, const View& view) {
  return std::string(
             "SELECT r.id, r.digest, r.reference, r.namespace, p.type, p.name, p.version, p.source, r.received_at"
             " FROM reports r JOIN sboms s ON s.cluster = r.cluster AND s.sha256 = r.sbom_sha256"
             " JOIN packages p ON p.cluster = r.cluster AND p.sbom = s.id WHERE r.cluster = $1 AND p.") +
         column + " = $2" + of_reports(view) + " AND r.digest <= $5";
}

// The images of a page, and one more where there is another page.
Result<std::vector<std::string>> images_with(Database& database, const View& view, const std::string& name,
                                             const std::string& after, std::size_t most) {
  const std::string sql =
      "SELECT DISTINCT r.digest FROM reports r JOIN sboms s ON s.cluster = r.cluster AND s.sha256 = r.sbom_sha256"
      " WHERE r.cluster = $1 AND s.id IN (SELECT sbom FROM packages WHERE cluster = $1 AND name = $2"
      " UNION SELECT sbom FROM packages WHERE cluster = $1 AND source = $2"
      " UNION SELECT sbom FROM packages WHERE cluster = $1 AND short_name = $2 AND short_name <> '')" +
      of_reports(view) + " ORDER BY r.digest LIMIT $5";
  auto query = database.query(sql.c_str());
  if (!query) return query.error();
  query->bind(view.cluster).bind(name).bind(view.namespace_).bind(after).bind(static_cast<std::int64_t>(most + 1));
  return texts_of(*query);
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

std::int64_t cost_of(const std::string& cluster, const StoredSbom& sbom) {
  auto cost = static_cast<std::int64_t>(sbom.packed.size());
  for (const StoredPackage& package : sbom.packages) {
    const std::size_t texts =
        cluster.size() + package.type.size() + package.name.size() + package.version.size() + package.source.size();
    cost += kCopies * (kRowBytes + static_cast<std::int64_t>(texts));
    if (!package.short_name.empty()) cost += kRowBytes + static_cast<std::int64_t>(texts + package.short_name.size());
  }
  return cost;
}

Result<PackagePage> find_package(Database& database, const View& view, const std::string& name,
                                 const std::string& after, std::size_t most_images) {
  // First the images, so that no more rows are numbered than those of one page.
  const auto digests = images_with(database, view, name, after, most_images);
  if (!digests) return digests.error();
  if (digests->empty()) return PackagePage();
  const bool has_more = digests->size() > most_images;
  const std::string& last = (*digests)[std::min(digests->size(), most_images) - 1];
  const std::string sql =
      "SELECT digest, reference, namespace, type, name, version, source, received_at FROM"
      " (SELECT found.*, row_number() OVER (PARTITION BY digest, namespace, type, name, version, source"
      " ORDER BY received_at DESC, id DESC) AS place FROM (" +
      places_by("name", view) + " UNION ALL " + places_by("source", view) + " AND p.name <> $2 UNION ALL " +
      places_by("short_name", view) +
      " AND p.short_name <> '' AND p.name <> $2 AND p.source <> $2) found) newest"
      " WHERE place = 1 ORDER BY digest, namespace, type, name, version, source LIMIT $6";
  auto query = database.query(sql.c_str());
  if (!query) return query.error();
  query->bind(view.cluster).bind(name).bind(view.namespace_).bind(after).bind(last);
  query->bind(static_cast<std::int64_t>(kMaxSearchRows + 1));
  PackagePage page;
  std::size_t bytes = 0;
  for (;;) {
    const auto row = query->next();
    if (!row) return row.error();
    if (!*row) break;
    page.rows.push_back({query->text(0), query->text(1), query->text(2),
                         StoredPackage{query->text(3), query->text(4), query->text(5), query->text(6)},
                         std::chrono::sys_seconds(std::chrono::seconds(query->number(7)))});
    bytes += text_bytes(page.rows.back());
    if (page.rows.size() > kMaxSearchRows || bytes > kMaxSearchBytes) return without_last_image(std::move(page));
  }
  if (has_more) page.next = last;
  return page;
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
