#pragma once

#include "common/result.h"
#include "initscan/model/sbom.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace initscan {

// What a document tells about a scan in our own properties. A later version may tell more; what is not understood may
// be the very thing that was not seen.
class OwnProperties {
 public:
  /// Properties of others are not looked at. Errors: malformed, over_limit. `key` lives as long as the document.
  Result<void> read(std::string_view key, std::string_view value, Sbom& sbom);

  /// A report of several images says nothing of one.
  void conclude(Coverage& coverage) const;

 private:
  std::size_t images_ = 0;               // of a report of ours
  std::vector<std::string_view> known_;  // seen
};

}  // namespace initscan
