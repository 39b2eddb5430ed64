#include "initscan/advisory/feed/matched_ecosystem.h"

#include "initscan/version/debian_releases.h"

#include <algorithm>

namespace initscan {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "12" or "3.1"
bool is_number(std::string_view text) {
  return !text.empty() && is_digit(text.front()) && is_digit(text.back()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
}

std::optional<std::string> debian_release(std::string_view release) {
  if (is_number(release)) return std::string(release);
  const std::string_view number = debian_number(release);
  if (number.empty()) return std::nullopt;
  return std::string(number);
}

std::optional<std::string> alpine_release(std::string_view release) {
  if (release == "edge") return std::string(release);
  if (release.starts_with('v')) release.remove_prefix(1);
  if (!is_number(release)) return std::nullopt;
  return 'v' + std::string(release);
}

}  // namespace

std::optional<MatchedEcosystem> matched_ecosystem(std::string_view ecosystem) {
  const std::string_view family = ecosystem.substr(0, ecosystem.find(':'));
  const bool is_debian = family == "Debian";
  if (!is_debian && family != "Alpine") return std::nullopt;
  MatchedEcosystem matched{std::string(family), std::string(family), {VersionOrder::deb}};
  if (!is_debian) matched.orders = {VersionOrder::apk2, VersionOrder::apk3};
  if (family.size() == ecosystem.size()) return matched;

  const std::string_view suffix = ecosystem.substr(family.size() + 1);
  const auto release = is_debian ? debian_release(suffix) : alpine_release(suffix);
  if (!release) return std::nullopt;
  matched.name += ':' + *release;
  return matched;
}

bool is_word_for_version(std::string_view text) {
  return !text.empty() && !is_digit(text.front());
}

}  // namespace initscan
