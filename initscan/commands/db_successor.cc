#include "common/text/join.h"
#include "initscan/advisory/index/older.h"
#include "initscan/commands/db_commands.h"

#include <algorithm>
#include <map>
#include <utility>

#include <unistd.h>

namespace initscan {
namespace {

constexpr std::size_t kMaxNamed = 3;

// Each ecosystem by itself: fresh advisories of one would hide that those of another went back.
Result<std::string> why_no_successor(const AdvisoryIndex& next, const AdvisoryIndex& last) {
  if (next.data_date() < last.data_date()) return older("its data", next.data_date(), last.data_date());
  auto ecosystems = next.ecosystems();
  if (!ecosystems) return ecosystems.error();
  std::map<std::string, AdvisoryIndex::EcosystemSummary> known;
  for (auto& ecosystem : *ecosystems) known.emplace(ecosystem.name, std::move(ecosystem));
  const auto before = last.ecosystems();
  if (!before) return before.error();
  std::vector<std::string> missing;
  for (const auto& ecosystem : *before) {
    const auto found = known.find(ecosystem.name);
    if (found == known.end() || found->second.rows < ecosystem.rows / 2) {
      missing.push_back('"' + ecosystem.name + '"');
    } else if (found->second.data_date < ecosystem.data_date) {
      return older("what it says of \"" + ecosystem.name + '"', found->second.data_date, ecosystem.data_date);
    }
  }
  if (missing.empty()) return std::string();
  return "it says less than half of what the one in use says of " + join_some(missing, kMaxNamed);
}

}  // namespace

Result<std::string> why_it_may_not_replace(const AdvisoryIndex& next, const std::string& place) {
  if (access(place.c_str(), F_OK) != 0) return std::string();
  const auto last = AdvisoryIndex::open(place);
  if (!last) return Error{last.error().code, last.error().text + "; --force replaces it"};
  return why_no_successor(next, *last);
}

}  // namespace initscan
