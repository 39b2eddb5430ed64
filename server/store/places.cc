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

}  // namespace initscan::server
