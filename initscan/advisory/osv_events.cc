#include "initscan/advisory/osv_events.h"

#include "initscan/version/version.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace initscan {

std::vector<VersionRange> stretches_of(std::vector<OsvEvent> events, PackageType order) {
  std::stable_sort(events.begin(), events.end(), [&](const OsvEvent& a, const OsvEvent& b) {
    if (a.version == "0" || b.version == "0") return a.version == "0" && b.version != "0";
    return compare_versions(order, a.version, b.version) < 0;
  });
  std::vector<VersionRange> ranges;
  std::optional<VersionRange> open;
  for (const OsvEvent& event : events) {
    if (event.kind == OsvEvent::Kind::introduced) {
      if (!open) open = VersionRange{event.version == "0" ? "" : std::string(event.version), "", ""};
      continue;
    }
    if (!open) continue;
    (event.kind == OsvEvent::Kind::fixed ? open->fixed : open->last_affected) = event.version;
    ranges.push_back(*std::exchange(open, std::nullopt));
  }
  if (open) ranges.push_back(std::move(*open));
  return ranges;
}

bool covers(const std::vector<VersionRange>& ranges, std::string_view version, PackageType order) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const VersionRange& range) {
    if (!range.introduced.empty() && compare_versions(order, version, range.introduced) < 0) return false;
    if (!range.fixed.empty()) return compare_versions(order, version, range.fixed) < 0;
    return range.last_affected.empty() || compare_versions(order, version, range.last_affected) <= 0;
  });
}

}  // namespace initscan
