#include "initscan/advisory/feed/redhat_release.h"

#include "initscan/version/numbers.h"

#include <algorithm>
#include <array>

namespace initscan {
namespace {

// Products whose version is that of the release; other products have versions of their own.
constexpr std::array<std::string_view, 9> kReleases{
    "enterprise_linux", "enterprise_linux_eus",  "rhel_eus",          "rhel_aus", "rhel_e4s", "rhel_tus",
    "rhel_els",         "rhel_mission_critical", "rhel_eus_long_life"};

// The fields of "cpe:/PART:VENDOR:PRODUCT:VERSION:UPDATE:EDITION".
std::array<std::string_view, 7> fields_of(std::string_view cpe) {
  std::array<std::string_view, 7> fields;
  for (std::string_view& field : fields) {
    field = cpe.substr(0, cpe.find(':'));
    cpe.remove_prefix(std::min(field.size() + 1, cpe.size()));
  }
  return fields;
}

}  // namespace

std::string redhat_ecosystem(std::string_view cpe) {
  const auto fields = fields_of(cpe);
  if (fields[2] != "redhat") return {};
  const std::string_view product = fields[3];
  const std::string_view version = fields[4];
  const std::string_view edition = fields[6];
  std::string_view release = edition.starts_with("el") ? leading_digits(edition.substr(2)) : std::string_view();
  if (release.empty() && std::find(kReleases.begin(), kReleases.end(), product) != kReleases.end())
    release = leading_digits(version);
  return release.empty() ? "Red Hat" : "Red Hat:" + std::string(release);
}

bool is_operating_system(std::string_view cpe) {
  return cpe.starts_with("cpe:/o:");
}

}  // namespace initscan
