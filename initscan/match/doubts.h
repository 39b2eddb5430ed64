#pragma once

#include "initscan/model/finding.h"
#include "initscan/model/matcher.h"

#include <cstddef>
#include <string>

namespace initscan {

inline constexpr std::size_t kMaxNamedInDoubt = 10;  // vulnerabilities that are named one by one

// What becomes of vulnerabilities for which it cannot be decided whether their packages have them, whoever matched: the
// policy's exemptions accept some, the first others are named, and the rest is counted.
class Doubts {
 public:
  explicit Doubts(const DoubtSink& accepts) : accepts_(accepts) {}

  void add(const Finding& finding, const std::string& why, MatchResult& result) {
    if (accepts_ && accepts_(finding, why)) return;
    if (++count_ > kMaxNamedInDoubt) return;
    result.undecided.push_back(finding.package.name + ": " + finding.id + ": " + why);
  }

  void conclude(MatchResult& result) const {
    if (count_ <= kMaxNamedInDoubt) return;
    result.undecided.push_back("and " + std::to_string(count_ - kMaxNamedInDoubt) + " more such vulnerabilities");
  }

 private:
  const DoubtSink& accepts_;
  std::size_t count_ = 0;
};

}  // namespace initscan
