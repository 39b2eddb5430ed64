#pragma once

#include "audit/harden/file_changes.h"
#include "audit/model/cluster.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

inline constexpr std::size_t kMaxListings = 10'000;          // files in the folder
inline constexpr std::size_t kMaxListingBytes = 8 << 20;     // of one
inline constexpr std::size_t kMaxListingsBytes = 256 << 20;  // of all

// What containers were seen to write, by image or by workload. Held by name: a name out of a cluster never becomes
// a path.
class ObservedWrites {
 public:
  /// Reads a folder of listings as parse_file_changes() takes them:
  ///   images/IMAGE                                  IMAGE as the pods name it: images/example/shop:1.2
  ///   workloads/NAMESPACE/KIND/NAME/CONTAINER       workloads/shop/Deployment/web/nginx
  /// Links are not followed. Errors: io; malformed, over_limit - by file and line; usage - a file elsewhere.
  static Result<ObservedWrites> read(const std::string& folder);

  /// All that is known of this container; nullopt where nothing is.
  std::optional<std::vector<FileChange>> of(std::string_view namespace_, const Owner& owner, std::string_view container,
                                            std::string_view image) const;

 private:
  std::map<std::string, std::vector<FileChange>, std::less<>> listings_;  // by their path in the folder
};

}  // namespace initscan::audit
