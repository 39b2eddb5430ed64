#pragma once

#include "common/result.h"
#include "initscan/model/finding.h"
#include "initscan/model/sbom.h"

#include <functional>
#include <string>
#include <string_view>

namespace initscan {

using FindingSink = std::function<void(Finding&&)>;

/// Asked about each vulnerability for which it cannot be decided whether its package has it, and why; true accepts
/// that.
using DoubtSink = std::function<bool(const Finding&, const std::string& why)>;

// Finds the vulnerabilities of an image's packages, whatever knows of them: an index on this machine, or one that is
// asked over the network. Who matches does not judge.
class Matcher {
 public:
  virtual ~Matcher() = default;

  /// Hands over the findings one by one, in no order. What keeps the answer from being whole is in the result, whose
  /// own findings stay empty. Errors: of the matcher's data alone, never of the SBOM.
  virtual Result<MatchResult> match(const Sbom& sbom, const FindingSink& sink, const DoubtSink& accepts) const = 0;

  /// Of the newest advisory that it knows, as far as it was asked: RFC 3339, or "".
  virtual std::string_view data_date() const = 0;
};

}  // namespace initscan
