#pragma once

#include "common/result.h"
#include "server/store/reports.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace initscan::server {

inline constexpr std::size_t kMaxPlaces = 1000;   // of one image
inline constexpr std::size_t kMaxWorkloads = 20;  // that are named of one image in one namespace

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

// What runs an image in one namespace, as far as the cluster said it of the pods that reported it.
struct ImageWorkloads {
  struct Named {
    std::string kind;
    std::string name;

    bool operator==(const Named&) const = default;
  };
  std::vector<Named> newest;  // at most kMaxWorkloads, whose pods reported it last
  std::int64_t more = 0;      // than these

  bool operator==(const ImageWorkloads&) const = default;
};

/// By namespace; one of which no workload is known is not there. Errors: as of Database::execute().
Result<std::map<std::string, ImageWorkloads>> workloads_of_image(Database& database, const View& view,
                                                                 const std::string& digest);

}  // namespace initscan::server
