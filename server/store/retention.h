#pragma once

#include "common/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace initscan::server {

class Store;

// How much of what was reported is kept.
struct Retention {
  std::chrono::hours longest{30 * 24};
  std::size_t reports_of_one_image = 100;
  std::chrono::hours after_namespace{7 * 24};  // of one that was deleted, from then on
};

struct Removed {
  std::int64_t reports = 0;
  std::int64_t images = 0;
  std::int64_t sboms = 0;

  bool operator==(const Removed&) const = default;
};

/// Removes what is older or more than that, what came from namespaces that were deleted so long ago, and then images
/// and SBOMs that no report speaks of. A bounded number of rows in each transaction, so that writers do not wait for
/// long. With `by_age` false nothing goes for its age. Errors: as of Store::write().
Result<Removed> remove_old(Store& store, const Retention& retention, std::chrono::sys_seconds now, bool by_age = true);

// What there is of each kind.
struct StoreFigures {
  std::int64_t reports = 0;
  std::int64_t images = 0;
  std::int64_t sboms = 0;
  std::int64_t bytes = 0;
  std::int64_t charged = 0;  // of these, for reports: an estimate
};
Result<StoreFigures> figures_of(Store& store);

}  // namespace initscan::server
