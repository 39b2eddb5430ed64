#pragma once

#include "common/result.h"
#include "initscan/advisory/index/index.h"
#include "initscan/advisory/overlay/overlay.h"
#include "initscan/match/local_matcher.h"
#include "initscan/match/remote_matcher.h"
#include "initscan/pipeline.h"

#include <memory>
#include <optional>
#include <string>

namespace initscan {

// Who matches: the index on this machine, or a server, and where the policy says so the index in its place. It stays
// where it is: its parts look at one another.
class Matchers {
 public:
  /// Opens what is needed; `request` outlives it. Errors: of an index without which nothing can be matched, not_found
  /// where it is not there; of its overlay, with the id of that reason.
  static Result<std::unique_ptr<Matchers>> open(const ScanRequest& request);

  const Matcher& chosen() const { return remote_ ? static_cast<const Matcher&>(*remote_) : *local_; }

 private:
  Matchers() = default;
  Result<void> use_index(const ScanRequest& request);
  void ask_server(const ScanRequest& request, std::string no_instead);

  std::optional<AdvisoryIndex> index_;
  std::optional<Overlay> overlay_;
  std::optional<LocalMatcher> local_;
  std::optional<RemoteMatcher> remote_;
};

}  // namespace initscan
