#pragma once

#include "common/result.h"

#include <map>
#include <string>
#include <string_view>

namespace initscan {

// Logs how what is done again and again goes. What fails keeps failing each time: only a change is logged.
class ChangeLog {
 public:
  /// An error that is not the one before, or that it works again.
  void tell(std::string_view what, const Result<void>& done);

  /// The same of contact with a resource that is watched; also when it is there for the first time.
  void tell_contact(std::string_view resource, const Result<void>& state);

  /// Whether it failed when it was last told of.
  bool is_failing(std::string_view what) const;

 private:
  std::map<std::string, std::string, std::less<>> last_errors_;  // by what failed; "": it works
};

}  // namespace initscan
