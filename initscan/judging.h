#pragma once

#include "common/result.h"
#include "initscan/model/matcher.h"
#include "initscan/model/policy.h"
#include "initscan/model/reason.h"
#include "initscan/model/sbom.h"
#include "initscan/model/verdict.h"

#include <chrono>
#include <string>
#include <vector>

namespace initscan {

// Matches and judges images one by one into one verdict. What it is made of outlives it.
class Judging {
 public:
  Judging(const Matcher& matcher, const Policy& policy, std::chrono::sys_seconds now);

  /// `index` and `image`: what to call it; `sha256` of the SBOM as it was read, or "".
  /// Errors: of the matcher's data, which keep every image from being judged.
  Result<void> add(std::string index, std::string image, Sbom sbom, std::string sha256);

  /// An image of which nothing is known: undecided, for this reason.
  void add_unreadable(std::string index, std::string image, Reason reason);

  Verdict conclude();

 private:
  const Matcher& matcher_;
  const Policy& policy_;
  const std::chrono::sys_seconds now_;
  Verdict verdict_;
  std::vector<bool> used_;  // exemptions, by any of the images
};

}  // namespace initscan
