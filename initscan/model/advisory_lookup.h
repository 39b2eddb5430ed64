#pragma once

#include "common/result.h"
#include "initscan/model/severity.h"

#include <functional>
#include <string_view>

namespace initscan {

// One statement of the index: these versions of a source package have this vulnerability. The views hold
// during the visit.
struct AffectedRow {
  std::string_view introduced;     // "": from the first version on
  std::string_view fixed;          // "": no fixed version is known
  std::string_view last_affected;  // "": not given
  bool exact = false;              // only the version `introduced` itself

  Severity severity = Severity::unknown;
  std::string_view id;
  std::string_view aliases;  // parted by spaces
  std::string_view published;
  std::string_view summary;
  double cvss = -1;
};

// What matching asks of an index. Errors are of the index itself: it is damaged.
class AdvisoryLookup {
 public:
  virtual ~AdvisoryLookup() = default;

  /// Whether there is any data for an ecosystem, such as "Debian:12".
  virtual Result<bool> covers(std::string_view ecosystem) const = 0;

  /// Visits every statement about a source package.
  virtual Result<void> for_each(std::string_view ecosystem, std::string_view package,
                                const std::function<void(const AffectedRow&)>& visit) const = 0;
};

}  // namespace initscan
