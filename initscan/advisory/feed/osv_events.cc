#include "initscan/advisory/feed/osv_events.h"

#include <algorithm>
#include <string>
#include <utility>

namespace initscan {
namespace {

using Kind = OsvEvent::Kind;

bool is_comparable(VersionOrder order, std::string_view version) {
  return version == "0" || compare_versions(order, version, version) == 0;
}

// Of versions that are comparable.
int compare(VersionOrder order, std::string_view a, std::string_view b) {
  if (a == "0" || b == "0") return (a != "0") - (b != "0");
  return compare_versions(order, a, b).value_or(0);
}

std::string introduced_at(const OsvEvent& event) {
  return event.version == "0" ? "" : std::string(event.version);
}

std::vector<VersionRange> join(const std::vector<OsvEvent>& sorted) {
  std::vector<VersionRange> ranges;
  std::optional<VersionRange> open;
  for (const OsvEvent& event : sorted) {
    if (event.kind == Kind::introduced) {
      if (!open) open = VersionRange{introduced_at(event), "", ""};
      continue;
    }
    if (!open) continue;
    (event.kind == Kind::fixed ? open->fixed : open->last_affected) = event.version;
    ranges.push_back(*std::exchange(open, std::nullopt));
  }
  if (open) ranges.push_back(std::move(*open));
  return ranges;
}

// The ranges below a version.
std::vector<VersionRange> cut(std::vector<VersionRange> ranges, std::string_view end, VersionOrder order) {
  std::erase_if(ranges, [&](const VersionRange& range) {
    return !range.introduced.empty() && compare(order, range.introduced, end) >= 0;
  });
  for (VersionRange& range : ranges) {
    const std::string& last = range.fixed.empty() ? range.last_affected : range.fixed;
    if (last.empty() || compare(order, last, end) >= 0) range = {range.introduced, std::string(end), ""};
  }
  return ranges;
}

std::vector<VersionRange> stretches_by(VersionOrder order, std::vector<OsvEvent> events,
                                       std::optional<std::string_view> limit) {
  std::stable_sort(events.begin(), events.end(),
                   [&](const OsvEvent& a, const OsvEvent& b) { return compare(order, a.version, b.version) < 0; });
  std::vector<VersionRange> ranges = join(events);
  return limit ? cut(std::move(ranges), *limit, order) : ranges;
}

// The highest of them: a version is spared only where it is below none. nullopt where one of them is none.
std::optional<std::string_view> limit_of(VersionOrder order, const std::vector<OsvEvent>& limits) {
  std::optional<std::string_view> highest;
  for (const OsvEvent& limit : limits) {
    if (limit.version == "*") return std::nullopt;
    if (!highest || compare(order, *highest, limit.version) < 0) highest = limit.version;
  }
  return highest;
}

// "From here on", or "from here to there": nothing is to be put in order.
std::optional<VersionRange> simple_range(const std::vector<OsvEvent>& events) {
  if (events.empty() || events.size() > 2 || events[0].kind != Kind::introduced) return std::nullopt;
  VersionRange range{introduced_at(events[0]), "", ""};
  if (events.size() == 1) return range;
  if (events[1].kind == Kind::introduced) return std::nullopt;
  const bool is_none = events[1].kind == Kind::limit && events[1].version == "*";
  if (!is_none) (events[1].kind == Kind::last_affected ? range.last_affected : range.fixed) = events[1].version;
  return range;
}

}  // namespace

std::optional<std::vector<VersionRange>> stretches_of(const std::vector<OsvEvent>& events,
                                                      const std::vector<VersionOrder>& orders) {
  if (auto range = simple_range(events)) return std::vector<VersionRange>{std::move(*range)};
  std::vector<OsvEvent> changes;
  std::vector<OsvEvent> limits;
  for (const OsvEvent& event : events) (event.kind == Kind::limit ? limits : changes).push_back(event);
  const bool is_affected =
      std::any_of(changes.begin(), changes.end(), [](const OsvEvent& event) { return event.kind == Kind::introduced; });
  if (!is_affected) return std::nullopt;

  std::optional<std::vector<VersionRange>> agreed;
  for (const VersionOrder order : orders) {
    for (const OsvEvent& event : events) {
      const bool is_none = event.kind == Kind::limit && event.version == "*";
      if (!is_none && !is_comparable(order, event.version)) return std::nullopt;
    }
    auto ranges = stretches_by(order, changes, limit_of(order, limits));
    if (agreed && *agreed != ranges) return std::nullopt;
    agreed = std::move(ranges);
  }
  return agreed;
}

bool covers(const std::vector<VersionRange>& ranges, std::string_view version,
            const std::vector<VersionOrder>& orders) {
  const auto covered_by = [&](VersionOrder order) {
    const auto before = [&](std::string_view a, std::string_view b, int most) {
      const auto found = compare_versions(order, a, b);
      return found && *found <= most;
    };
    return std::any_of(ranges.begin(), ranges.end(), [&](const VersionRange& range) {
      if (!range.introduced.empty() && !before(range.introduced, version, 0)) return false;
      if (!range.fixed.empty()) return before(version, range.fixed, -1);
      return range.last_affected.empty() || before(version, range.last_affected, 0);
    });
  };
  return std::all_of(orders.begin(), orders.end(), covered_by);
}

}  // namespace initscan
