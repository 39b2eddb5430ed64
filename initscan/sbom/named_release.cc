#include "initscan/sbom/named_release.h"

#include "common/text/ascii.h"
#include "initscan/model/ecosystems.h"

#include <algorithm>

namespace initscan {
namespace {

std::string id_of(std::string_view name) {
  std::string id = in_lower_case(name);
  for (const Distribution& distribution : distributions()) {
    const auto& names = distribution.long_names;
    if (std::find(names.begin(), names.end(), id) != names.end()) return std::string(distribution.id);
  }
  return id;
}

// "3.17", "v3.17"
bool begins_a_number(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  return !text.empty() && is_digit(text.front());
}

// "12 (bookworm)" -> "12", "v3.17" -> "3.17", "bookworm" -> "12"
std::string_view number_of(std::string_view id, std::string_view version) {
  if (begins_a_number(version)) {
    if (version.front() == 'v') version.remove_prefix(1);
    return version.substr(0, version.find(' '));
  }
  const Distribution* const distribution = find_distribution(id);
  const std::string_view number =
      distribution == nullptr ? std::string_view() : number_of_codename(*distribution, in_lower_case(version));
  return number.empty() ? version : number;
}

// Where the version begins in "debian-12", "Alpine Linux 3.17", "debian-buster", "bookworm"; npos where there is none.
std::size_t version_in(std::string_view distro, std::string_view name_space) {
  if (begins_a_number(distro)) return 0;
  for (std::size_t mark = distro.find_first_of("- "); mark != distro.npos;
       mark = distro.find_first_of("- ", mark + 1)) {
    if (begins_a_number(distro.substr(mark + 1))) return mark + 1;
  }
  const std::size_t dash = distro.rfind('-');
  if (dash != distro.npos) return dash + 1;
  const std::string id = id_of(distro);
  const bool is_name = id == name_space || find_distribution(id) != nullptr;
  return is_name || name_space.empty() ? distro.npos : 0;
}

}  // namespace

OsRelease named_release(std::string_view name, std::string_view version) {
  OsRelease os;
  os.id = id_of(name);
  os.version_id = number_of(os.id, version);
  return os;
}

std::vector<OsRelease> releases_of(const Purl& purl) {
  std::vector<OsRelease> releases;
  const std::string name_space = id_of(purl.name_space);
  const auto add = [&](std::string_view name, std::string_view version) {
    releases.push_back(named_release(name.empty() ? name_space : name, version));
  };
  if (!name_space.empty()) add(name_space, "");
  const std::string_view distro = purl.qualifier("distro");
  if (!distro.empty()) {
    const std::size_t begin = version_in(distro, name_space);
    add(distro.substr(0, begin == 0 || begin == distro.npos ? begin : begin - 1),
        begin == distro.npos ? std::string_view() : distro.substr(begin));
  }
  const std::string_view name = purl.qualifier("os_name");
  const std::string_view version = purl.qualifier("os_version");
  if (!name.empty() || !version.empty()) add(name, version);
  const std::string_view codename = purl.qualifier("os_distro");
  for (const Distribution& distribution : distributions()) {
    if (!number_of_codename(distribution, codename).empty()) add(distribution.id, codename);
  }
  return releases;
}

std::string in_words(const OsRelease& os) {
  return os.version_id.empty() ? os.id : os.id.empty() ? os.version_id : os.id + ' ' + os.version_id;
}

}  // namespace initscan
