#include "initscan/version/written_range.h"

#include "initscan/version/range_words.h"

namespace initscan {
namespace {

std::optional<Intervals> read(VersionOrder order, std::string_view text) {
  switch (order) {
    case VersionOrder::npm: return read_npm_range(text);
    case VersionOrder::cargo: return read_cargo_range(text);
    case VersionOrder::python: return read_python_range(text);
    case VersionOrder::gem: return read_gem_range(text);
    case VersionOrder::composer: return read_composer_range(text);
    case VersionOrder::maven: return read_maven_range(text);
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<std::vector<VersionRange>> read_written_range(VersionOrder order, std::string_view text) {
  if (text.size() > kMaxRangeBytes) return std::nullopt;
  const auto intervals = read(order, trimmed(text, kSpaces));
  return intervals ? ranges_of(order, *intervals) : std::nullopt;
}

}  // namespace initscan
