#include "initscan/sbom/named_releases.h"

#include "initscan/sbom/named_release.h"

#include <algorithm>
#include <string_view>

namespace initscan {
namespace {

constexpr std::size_t kMaxDistros = 64;  // that are told apart

// "12" and "12.6" are one release, told more or less exactly.
bool is_same_release(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return !a.empty() && b.starts_with(a) && (b.size() == a.size() || b[a.size()] == '.');
}

}  // namespace

void NamedReleases::add(const Purl& purl, const std::string& at) {
  for (OsRelease& os : releases_of(purl)) {
    if (distros_.size() > kMaxDistros) return;
    const bool is_known = std::any_of(distros_.begin(), distros_.end(), [&](const auto& d) { return d.first == os; });
    if (!is_known) distros_.emplace_back(std::move(os), at);
  }
}

void NamedReleases::conclude(Sbom& sbom) const {
  const auto whole = std::find_if(distros_.begin(), distros_.end(),
                                  [](const auto& distro) { return !distro.first.version_id.empty(); });
  if (sbom.os.id.empty() && !distros_.empty()) {
    sbom.os = whole != distros_.end() ? whole->first : distros_.front().first;
  }
  for (const auto& [os, at] : distros_) {
    const bool same_id = os.id.empty() || os.id == sbom.os.id;
    const bool same_release = os.version_id.empty() || os.version_id == sbom.os.version_codename ||
                              is_same_release(os.version_id, sbom.os.version_id);
    if (same_id && same_release) continue;
    sbom.coverage.incomplete.push_back(at + "its purl says " + in_words(os) + ", and the operating system is " +
                                       in_words(sbom.os));
  }
  if (distros_.size() > kMaxDistros) {
    sbom.coverage.incomplete.push_back("its purls name more than " + std::to_string(kMaxDistros) + " releases");
  }
}

}  // namespace initscan
