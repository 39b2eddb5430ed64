#include "initscan/advisory/feed/rpm_release.h"

#include "initscan/version/numbers.h"

#include <algorithm>

namespace initscan {
namespace {

struct Mark {
  std::string_view text;       // before the number, behind a point
  std::string_view ecosystem;  // before the number
  std::string_view tail;       // behind it
};
constexpr Mark kMarks[] = {{"amzn", "Amazon:", ""}, {"fc", "Fedora:", ""}, {"ph", "Photon OS:", ".0"}};

}  // namespace

std::string ecosystem_of_build(std::string_view release) {
  while (!release.empty()) {
    const std::string_view field = release.substr(0, release.find_first_of(".-"));
    release.remove_prefix(std::min(field.size() + 1, release.size()));
    for (const Mark& mark : kMarks) {
      if (!field.starts_with(mark.text)) continue;
      const std::string_view number = leading_digits(field.substr(mark.text.size()));
      const bool is_all = number.size() + mark.text.size() == field.size();
      if (!number.empty() && is_all) return std::string(mark.ecosystem) + std::string(number) + std::string(mark.tail);
    }
  }
  return {};
}

}  // namespace initscan
