#pragma once

#include "audit/model/pod.h"

#include <array>
#include <cstdint>
#include <set>
#include <string>

#include <boost/unordered/unordered_flat_set.hpp>

namespace initscan::audit {

// Which pods have been handed on: a list that starts over, and files that overlap, bring some of them again. By uid
// as a whole, not by a hash of it, so that no pod can be made to pass for another one.
class SeenPods {
 public:
  /// Whether it is the first time.
  bool add(const Pod& pod);

 private:
  boost::unordered_flat_set<std::array<std::uint64_t, 2>> uids_;  // 16 bytes each; the API server's are UUIDs
  std::set<std::string> others_;                                  // manifests have no uid: NAMESPACE/NAME
};

}  // namespace initscan::audit
