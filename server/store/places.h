#pragma once

#include "common/result.h"
#include "server/store/reports.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace initscan::server {

inline constexpr std::size_t kMaxPlaces = 1000;  // of one image

// A namespace from which an image was reported.
struct ImagePlace {
  std::string namespace_;
  std::string reference;                 // what was said last, by
  std::string pod;                       // this one; "" outside of a cluster
  std::chrono::sys_seconds reported_at;  // the last time

  bool operator==(const ImagePlace&) const = default;
};

/// By namespace, at most kMaxPlaces. Errors: as of Database::execute().
Result<std::vector<ImagePlace>> places_of_image(Database& database, const View& view, const std::string& digest);

}  // namespace initscan::server
