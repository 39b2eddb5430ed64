#pragma once

#include "initscan/model/policy.h"
#include "initscan/policy/combine.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace initscan::audit {

inline constexpr std::size_t kMaxCheckExemptions = 200;  // of one namespace; more of them count as none

// A ScanExemption about a check: what the owner of a namespace asks to be accepted. Whether it is, is for the
// cluster's policy to say.
struct ScanExemption {
  std::string namespace_;
  std::string name;
  Exemption wanted;
  std::chrono::sys_seconds made;
  std::string problem;  // why it cannot be read, with its name: "ScanExemption shop/a: 1: ..."; "" where it can
};

// A ClusterScanPolicy, as far as it says which checks are accepted.
struct ScanPolicy {
  Policy accepts;  // its name, and what it ignores itself
  ExemptionRules rules;
  std::string problem;  // as above
};

}  // namespace initscan::audit
