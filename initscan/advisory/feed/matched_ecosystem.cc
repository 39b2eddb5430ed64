#include "initscan/advisory/feed/matched_ecosystem.h"

#include "common/text/ascii.h"

#include <algorithm>
#include <iterator>

namespace initscan {
namespace {

// "12" or "3.1"
bool is_number(std::string_view text) {
  return !text.empty() && is_digit(text.front()) && is_digit(text.back()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
}

std::optional<std::string> release_of(const Distribution& distribution, std::string_view release) {
  if (!distribution.rolling.empty() && release == distribution.rolling) return std::string(release);
  std::string_view number = release;
  if (number.starts_with(distribution.release_prefix)) number.remove_prefix(distribution.release_prefix.size());
  if (!is_number(number)) number = number_of_codename(distribution, release);
  if (number.empty()) return std::nullopt;
  return std::string(distribution.release_prefix) + std::string(number);
}

MatchedEcosystem matched(std::string_view name, PackageType type) {
  MatchedEcosystem found{std::string(name), std::string(name), {}};
  const auto orders = find_ecosystem(type)->orders;
  std::transform(orders.begin(), orders.end(), std::back_inserter(found.orders),
                 [](const DatedOrder& dated) { return dated.order; });
  return found;
}

}  // namespace

std::optional<MatchedEcosystem> matched_ecosystem(std::string_view name) {
  const std::string_view family = name.substr(0, name.find(':'));
  if (family.empty()) return std::nullopt;
  for (const Ecosystem& ecosystem : ecosystems()) {
    if (ecosystem.osv_name == name) return matched(name, ecosystem.type);
  }
  for (const Distribution& distribution : distributions()) {
    if (distribution.osv_name != family) continue;
    MatchedEcosystem found = matched(family, distribution.type);
    if (family.size() == name.size()) return found;
    const auto release = release_of(distribution, name.substr(family.size() + 1));
    if (!release) return std::nullopt;
    found.name += ':' + *release;
    return found;
  }
  return std::nullopt;
}

std::string names_of_matched_ecosystems() {
  std::string names;
  const auto add = [&](std::string_view name) {
    if (!name.empty()) names += (names.empty() ? "" : " or ") + std::string(name);
  };
  for (const Distribution& distribution : distributions()) add(distribution.osv_name);
  for (const Ecosystem& ecosystem : ecosystems()) add(ecosystem.osv_name);
  return names;
}

bool is_word_for_version(std::string_view text) {
  return !text.empty() && !is_digit(text.front());
}

}  // namespace initscan
