#include "initscan/advisory/overlay/overlay_successor.h"

#include "common/time/rfc3339.h"
#include "initscan/advisory/index/older.h"

#include <algorithm>

namespace initscan {
namespace {

std::string why_no_successor(const Overlay::Source& last, const Overlay::Source& next, const std::string& latest) {
  // Whatever came after it would be older, so that nobody would miss what it lacks.
  if (next.date > latest) return "its " + next.kind + " is of " + next.date + ", which is in the future";
  if (next.date < last.date && last.date <= latest) return older("its " + next.kind, next.date, last.date);
  if (next.records < last.records / 2) {
    return "its " + next.kind + " has " + std::to_string(next.records) + " records, less than half of the " +
           std::to_string(last.records) + " of the one in use";
  }
  return {};
}

}  // namespace

std::string why_no_successor(const Overlay& last, const Overlay& next, std::chrono::sys_seconds latest) {
  for (const Overlay::Source& source : last.sources()) {
    const auto found = std::find_if(next.sources().begin(), next.sources().end(),
                                    [&](const Overlay::Source& other) { return other.kind == source.kind; });
    if (found == next.sources().end()) return "it lacks " + source.kind + ", which the one in use has";
    if (std::string why = why_no_successor(source, *found, format_rfc3339(latest)); !why.empty()) return why;
  }
  return {};
}

}  // namespace initscan
