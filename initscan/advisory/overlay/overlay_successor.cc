#include "initscan/advisory/overlay/overlay_successor.h"

#include "common/time/rfc3339.h"

namespace initscan {

std::string why_no_successor(const Overlay& last, const Overlay& next, std::chrono::sys_seconds latest) {
  const auto named = [](const std::string& date) { return date.empty() ? "an unknown date" : date; };
  for (const auto& [source, date] : last.dates()) {
    const auto found = next.dates().find(source);
    if (found == next.dates().end()) return "it lacks " + source + ", which the one in use has";
    if (found->second < date && date <= format_rfc3339(latest)) {
      return "its " + source + " is of " + named(found->second) + ", older than that of the one in use, " + date;
    }
  }
  return {};
}

}  // namespace initscan
