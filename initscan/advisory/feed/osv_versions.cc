#include "initscan/advisory/feed/osv_versions.h"

#include "common/json/element.h"
#include "common/text/ascii.h"
#include "initscan/advisory/feed/osv_events.h"
#include "initscan/model/ecosystems.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace initscan {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxComparisons = 1'000'000;  // of the listed versions of a package with its ranges

const char* const kWord = "a word takes the place of a version";

// The events of a range; nullopt where one is of no kind that is known, or says no version.
std::optional<std::vector<OsvEvent>> events_of(const dom::array& array) {
  std::vector<OsvEvent> events;
  for (const dom::element object : array) {
    const std::size_t before = events.size();
    for (const auto& [key, kind] :
         {std::pair("introduced", OsvEvent::Kind::introduced), std::pair("fixed", OsvEvent::Kind::fixed),
          std::pair("last_affected", OsvEvent::Kind::last_affected), std::pair("limit", OsvEvent::Kind::limit)}) {
      dom::element value;
      if (object[key].get(value) != simdjson::SUCCESS) continue;
      std::string_view version;
      if (value.get(version) != simdjson::SUCCESS || version.empty()) return std::nullopt;
      events.push_back({kind, version});
    }
    if (events.size() == before) return std::nullopt;
  }
  return events;
}

// A word that no package of the ecosystem has for a version, either.
bool is_word(std::string_view text, const MatchedEcosystem& ecosystem) {
  return is_word_for_version(text) && std::none_of(ecosystem.orders.begin(), ecosystem.orders.end(),
                                                   [&](VersionOrder order) { return is_version(order, text); });
}

bool has_word(const OsvEvent& event, const MatchedEcosystem& ecosystem) {
  const bool is_no_limit = event.kind == OsvEvent::Kind::limit && event.version == "*";
  return !is_no_limit && is_word(event.version, ecosystem);
}

// "From the first version to <not-affected>", as old records of Debian say that nothing is.
bool is_not_affected(const std::vector<OsvEvent>& events) {
  return events.size() == 2 && events[0].kind == OsvEvent::Kind::introduced &&
         events[1].kind == OsvEvent::Kind::fixed && events[1].version == "<not-affected>";
}

// "SEMVER" is an order of its own, which packages of a distribution do not have.
bool is_type_of(std::string_view type, const MatchedEcosystem& ecosystem) {
  const auto all = distributions();
  const bool is_of_distribution = std::any_of(
      all.begin(), all.end(), [&](const Distribution& known) { return known.osv_name == ecosystem.family; });
  return type == "ECOSYSTEM" || (type == "SEMVER" && !is_of_distribution);
}

/// Whether the range says that nothing is affected.
bool read_range(const dom::element& range, const MatchedEcosystem& ecosystem, AffectedPackage& affected,
                FeedRecord& record) {
  const std::string_view type = text_in(range, "type");
  if (type == "GIT") {
    record.skipped.emplace_back("a range of commits");
    return false;
  }
  dom::array array;
  const bool is_list = is_type_of(type, ecosystem) && range["events"].get(array) == simdjson::SUCCESS;
  const auto events = is_list ? events_of(array) : std::nullopt;
  if (events && is_not_affected(*events)) return true;
  if (events && std::any_of(events->begin(), events->end(), [&](const auto& e) { return has_word(e, ecosystem); })) {
    affected.unclear.emplace_back(kWord);
    return false;
  }
  auto stretches = events ? stretches_of(*events, ecosystem.orders) : std::nullopt;
  if (stretches) {
    std::move(stretches->begin(), stretches->end(), std::back_inserter(affected.ranges));
  } else {
    affected.unclear.emplace_back("a version range that is not understood");
  }
  return false;
}

// A listed version is compared for equality alone, and so may be any text; a tag of Debian's tracker is none.
bool is_word_in_list(std::string_view text, const MatchedEcosystem& ecosystem) {
  return text.empty() || (is_word(text, ecosystem) && std::none_of(text.begin(), text.end(), is_digit));
}

// Beside ranges the list mostly repeats them, version by version. What is in either is affected, as OSV has it.
void read_list(const dom::element& entry, const MatchedEcosystem& ecosystem, AffectedPackage& affected,
               FeedRecord& record) {
  const std::vector<std::string_view> listed = texts_in(entry, "versions");
  std::vector<std::string> versions(listed.begin(), listed.end());
  if (std::erase_if(versions, [&](const auto& v) { return is_word_in_list(v, ecosystem); }) > 0)
    affected.unclear.emplace_back(kWord);
  const bool few = versions.size() * affected.ranges.size() <= kMaxComparisons;
  if (few) std::erase_if(versions, [&](const auto& v) { return covers(affected.ranges, v, ecosystem.orders); });
  for (const VersionRange& range : affected.ranges) {
    const bool is_listed = few && std::find(versions.begin(), versions.end(), range.fixed) != versions.end();
    if (is_listed) record.notes.emplace_back("a version that is both listed as affected and given as the fix");
  }
  affected.versions = std::move(versions);
}

}  // namespace

void read_osv_versions(const dom::element& entry, const MatchedEcosystem& ecosystem, AffectedPackage& affected,
                       FeedRecord& record) {
  bool is_spared = false;
  dom::array ranges;
  if (entry["ranges"].get(ranges) == simdjson::SUCCESS) {
    for (const dom::element range : ranges) { is_spared = read_range(range, ecosystem, affected, record) || is_spared; }
  }
  read_list(entry, ecosystem, affected, record);
  const bool is_said = !affected.ranges.empty() || !affected.versions.empty() || !affected.unclear.empty();
  if (is_said) return;
  if (is_spared) {
    affected.status = AdvisoryStatus::not_affected;
    affected.ranges.push_back({});
  } else {
    affected.unclear.emplace_back("no versions are given");
  }
}

}  // namespace initscan
