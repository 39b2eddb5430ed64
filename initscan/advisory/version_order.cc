#include "initscan/advisory/version_order.h"

namespace initscan {

std::optional<PackageType> version_order_of(std::string_view ecosystem) {
  const std::size_t colon = ecosystem.find(':');
  if (colon == ecosystem.npos || colon + 1 == ecosystem.size()) return std::nullopt;
  const std::string_view name = ecosystem.substr(0, colon);
  if (name == "Debian") return PackageType::deb;
  if (name == "Alpine") return PackageType::apk;
  return std::nullopt;
}

}  // namespace initscan
