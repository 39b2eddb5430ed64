#include "server/store/places.h"

#include "server/store/database.h"

namespace initscan::server {

Result<std::vector<ImagePlace>> places_of_image(Database& database, const View& view, const std::string& digest) {
  auto query = database.query(
      "SELECT namespace, reference, pod, received_at FROM reports WHERE id IN"
      " (SELECT max(id) FROM reports WHERE cluster = $1 AND digest = $2 AND ($3 = '' OR namespace = $3)"
      " GROUP BY namespace) ORDER BY namespace LIMIT $4");
  if (!query) return query.error();
  query->bind(view.cluster).bind(digest).bind(view.namespace_).bind(static_cast<std::int64_t>(kMaxPlaces));
  return rows_of(*query, [](const Query& row) {
    return ImagePlace{row.text(0), row.text(1), row.text(2),
                      std::chrono::sys_seconds(std::chrono::seconds(row.number(3)))};
  });
}

Result<std::map<std::string, ImageWorkloads>> workloads_of_image(Database& database, const View& view,
                                                                 const std::string& digest) {
  auto query = database.query(
      "SELECT namespace, workload_kind, workload, of_namespace FROM (SELECT namespace, workload_kind, workload,"
      " row_number() OVER (PARTITION BY namespace ORDER BY newest DESC) AS place,"
      " count(*) OVER (PARTITION BY namespace) AS of_namespace FROM (SELECT namespace, workload_kind, workload,"
      " max(id) AS newest FROM reports WHERE cluster = $1 AND digest = $2 AND ($3 = '' OR namespace = $3)"
      " AND workload_kind <> '' GROUP BY namespace, workload_kind, workload) known) numbered WHERE place <= $4"
      " ORDER BY namespace, place");
  if (!query) return query.error();
  query->bind(view.cluster).bind(digest).bind(view.namespace_).bind(static_cast<std::int64_t>(kMaxWorkloads));
  std::map<std::string, ImageWorkloads> all;
  for (;;) {
    const auto row = query->next();
    if (!row) return row.error();
    if (!*row) return all;
    ImageWorkloads& workloads = all[query->text(0)];
    workloads.newest.push_back({query->text(1), query->text(2)});
    workloads.more = query->number(3) - static_cast<std::int64_t>(workloads.newest.size());
  }
}

}  // namespace initscan::server
