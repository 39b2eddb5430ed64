#include "server/store/removal.h"

namespace initscan::server {

Result<std::int64_t> remove_all(Store& store, Result<void> (Store::*write)(const Store::Work&),
                                std::int64_t rows_at_once, const char* sql,
                                std::initializer_list<std::int64_t> values) {
  std::int64_t total = 0;
  for (;;) {
    std::int64_t removed = 0;
    const auto done = (store.*write)([&](Database& database) -> Result<void> {
      auto query = database.query(sql);
      if (!query) return query.error();
      for (const std::int64_t value : values) query->bind(value);
      const auto ran = query->bind(rows_at_once).run();
      if (!ran) return ran.error();
      removed = *ran;
      return {};
    });
    if (!done) return done.error();
    total += removed;
    if (removed < rows_at_once) return total;
  }
}

}  // namespace initscan::server
