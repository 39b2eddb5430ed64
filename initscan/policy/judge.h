#pragma once

#include "initscan/model/policy.h"
#include "initscan/model/verdict.h"

#include <chrono>
#include <string>
#include <vector>

namespace initscan {

// What is known of one image when it is judged.
struct Evidence {
  std::string index;  // "0"
  std::string image;
  Sbom sbom;
  MatchResult match;
};

/// Applies the policy to one image. Pure: the moment is given. A finding that blocks fails the image; a gap
/// that the policy does not merely warn of leaves it undecided; only then does it pass.
ImageVerdict judge(const Policy& policy, std::chrono::sys_seconds now, Evidence evidence);

/// One sentence for each exemption that has run out by `now`.
std::vector<std::string> expired_exemptions(const Policy& policy, std::chrono::sys_seconds now);

/// Fills in the outcome: the worst of the images, undecided where there is none.
void conclude(Verdict& verdict);

}  // namespace initscan
