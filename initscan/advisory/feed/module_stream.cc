#include "initscan/advisory/feed/module_stream.h"

#include "common/text/ascii.h"

#include <algorithm>

namespace initscan {
namespace {

bool is_part(std::string_view text) {
  return !text.empty() && is_alphanumeric(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || std::string_view("-._+").find(c) != std::string_view::npos;
  });
}

}  // namespace

bool is_modular_version(std::string_view version) {
  return version.find(".module+el") != version.npos || version.find(".module_el") != version.npos;
}

bool has_modular_version(const AffectedPackage& affected) {
  return std::any_of(affected.ranges.begin(), affected.ranges.end(),
                     [](const VersionRange& range) { return is_modular_version(range.fixed); });
}

std::string stream_in(std::string_view heading) {
  constexpr std::string_view kSeparators = " \t,;()";
  while (!heading.empty()) {
    const std::string_view word = heading.substr(0, heading.find_first_of(kSeparators));
    const std::size_t colon = word.find(':');
    if (colon != word.npos && is_part(word.substr(0, colon)) && is_part(word.substr(colon + 1)))
      return std::string(word);
    heading.remove_prefix(std::min(word.size() + 1, heading.size()));
  }
  return {};
}

}  // namespace initscan
