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

// The number of a release as OSV writes it: "12", "v3.20", "22.04:LTS"; "" of one that is not known.
std::string_view number_of(const Distribution& distribution, std::string_view release) {
  if (!distribution.rolling.empty() && release == distribution.rolling) return release;
  std::string_view number = release;
  if (number.starts_with(distribution.release_prefix)) number.remove_prefix(distribution.release_prefix.size());
  if (constexpr std::string_view kLongTerm = ":LTS"; distribution.has_flavours && number.ends_with(kLongTerm)) {
    number.remove_suffix(kLongTerm.size());
  }
  return is_number(number) ? number : number_of_codename(distribution, release);
}

// Cuts "Pro:FIPS" from the head of "Pro:FIPS:22.04:LTS".
std::string_view take_flavour(const Distribution& distribution, std::string_view& release) {
  const std::size_t digit = distribution.has_flavours ? release.find_first_of("0123456789") : 0;
  if (digit == release.npos || digit == 0 || release[digit - 1] != ':') return {};
  const std::string_view flavour = release.substr(0, digit - 1);
  release.remove_prefix(digit);
  return flavour;
}

MatchedEcosystem matched(std::string_view name, PackageType type) {
  MatchedEcosystem found{std::string(name), std::string(name), type, {}, {}};
  const auto orders = find_ecosystem(type)->orders;
  std::transform(orders.begin(), orders.end(), std::back_inserter(found.orders),
                 [](const DatedOrder& dated) { return dated.order; });
  return found;
}

}  // namespace

std::optional<MatchedEcosystem> matched_ecosystem(std::string_view name) {
  const std::string_view family = family_of(name);
  if (family.empty()) return std::nullopt;
  for (const Ecosystem& ecosystem : ecosystems()) {
    if (ecosystem.osv_name == name) return matched(name, ecosystem.type);
  }
  for (const Distribution& distribution : distributions()) {
    if (distribution.osv_name == name) return matched(name, distribution.type);
    if (distribution.osv_name != family || distribution.has_one_ecosystem) continue;
    MatchedEcosystem found = matched(family, distribution.type);
    std::string_view release = name.substr(family.size() + 1);
    found.flavour = take_flavour(distribution, release);
    const std::string_view number = number_of(distribution, release);
    if (number.empty()) continue;
    found.name = ecosystem_name(distribution, number);
    return found;
  }
  return std::nullopt;
}

std::string names_of_matched_ecosystems() {
  std::vector<std::string_view> names;
  const auto add = [&](std::string_view name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const Distribution& distribution : distributions()) add(distribution.osv_name);
  for (const Ecosystem& ecosystem : ecosystems()) add(ecosystem.osv_name);
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += i + 1 == names.size() ? " or " : ", ";
    list += names[i];
  }
  return list;
}

bool is_word_for_version(std::string_view text) {
  return !text.empty() && !is_digit(text.front());
}

}  // namespace initscan
