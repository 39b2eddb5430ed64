#include "initscan/advisory/feed/joined_statements.h"

#include <algorithm>
#include <utility>

namespace initscan {
namespace {

// All of a statement but its architectures and the package that it speaks of by number: as one text, whose fields no
// version can run into.
std::string key_of(const AffectedPackage& affected) {
  std::string key;
  const auto add = [&](std::string_view text) { (key += text) += '\n'; };
  const auto add_all = [&](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) add(text);
    add("");
  };
  add(affected.ecosystem);
  add(affected.name);
  for (const VersionRange& range : affected.ranges) {
    add(range.introduced);
    add(range.fixed);
    add(range.last_affected);
  }
  add("");
  add_all(affected.versions);
  add_all(affected.unclear);
  add_all(affected.scope.cpes);
  add(affected.scope.product);
  add(affected.scope.module);
  add(affected.scope.flavour);
  add(to_string(affected.severity));
  add(std::to_string(affected.cvss));
  add(std::to_string(static_cast<int>(affected.status)));
  return key;
}

bool is_each(const std::string& architecture) {
  return architecture.empty() || architecture == "src" || architecture == "noarch";
}

}  // namespace

bool JoinedStatements::add(AffectedPackage&& affected) {
  auto& architectures = affected.scope.architectures;
  if (std::any_of(architectures.begin(), architectures.end(), is_each)) architectures.clear();
  const auto [place, is_new] = places_.try_emplace(key_of(affected), made_.size());
  if (is_new) {
    made_.push_back(std::move(affected));
    return true;
  }
  auto& known = made_[place->second].scope.architectures;
  if (architectures.empty()) known.clear();
  if (known.empty()) return false;
  for (std::string& architecture : architectures) {
    if (std::find(known.begin(), known.end(), architecture) == known.end()) known.push_back(std::move(architecture));
  }
  return false;
}

std::vector<AffectedPackage> JoinedStatements::take() {
  places_.clear();
  return std::exchange(made_, {});
}

}  // namespace initscan
