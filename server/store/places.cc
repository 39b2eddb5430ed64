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
  std::vector<ImagePlace> places;
  for (;;) {
    const auto row = query->next();
    if (!row) return row.error();
    if (!*row) return places;
    places.push_back({query->text(0), query->text(1), query->text(2),
                      std::chrono::sys_seconds(std::chrono::seconds(query->number(3)))});
  }
}

}  // namespace initscan::server
