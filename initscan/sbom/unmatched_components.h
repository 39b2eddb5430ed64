#pragma once

#include "initscan/model/sbom.h"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace initscan {

// Software in a document of kinds that nothing here matches.
class UnmatchedComponents {
 public:
  /// `kind`: the type of its purl, or words in place of one.
  void add(std::string_view kind);

  void conclude(Coverage& coverage) const;

 private:
  std::uint64_t count_ = 0;
  std::map<std::string, std::size_t, std::less<>> kinds_;
};

}  // namespace initscan
