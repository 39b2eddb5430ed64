#include "initscan/sbom/package_source.h"

#include "initscan/sbom/property_names.h"

#include <algorithm>

namespace initscan {

std::string with_epoch(std::string_view epoch, std::string_view version) {
  if (epoch.empty() || epoch == "0" || version.find(':') != version.npos) return std::string(version);
  return std::string(epoch) + ':' + std::string(version);
}

void PackageSource::read(std::string_view property, std::string_view value) {
  if (property.starts_with("syft:metadata:")) has_syfts_metadata_ = true;
  if (property == kSourceName || property == "aquasecurity:trivy:SrcName" || property == "syft:metadata:source" ||
      property == "syft:metadata:originPackage") {
    add(value);
  } else if (property == kSourceVersion || property == "aquasecurity:trivy:SrcVersion" ||
             property == "syft:metadata:sourceVersion") {
    version_ = value;
  } else if (property == "aquasecurity:trivy:SrcRelease") {
    release_ = value;
  } else if (property == "aquasecurity:trivy:SrcEpoch") {
    epoch_ = value;
  }
}

void PackageSource::read(const Purl& purl) {
  for (const std::string_view key : {"upstream", "source"}) {
    const std::string_view word = purl.qualifier(key);
    const std::size_t mark = word.find('@');
    add(word.substr(0, mark));
    if (mark != word.npos) upstream_version_ = word.substr(mark + 1);
  }
}

void PackageSource::leave_out_as_syft_does(std::string_view package_name) {
  if (names_.empty() && has_syfts_metadata_) names_.push_back(package_name);
}

void PackageSource::add(std::string_view name) {
  if (!name.empty()) names_.push_back(name);
}

std::string_view PackageSource::other_name() const {
  const auto other =
      std::find_if(names_.begin(), names_.end(), [&](std::string_view name) { return name != names_.front(); });
  return other == names_.end() ? std::string_view() : *other;
}

std::string PackageSource::version() const {
  if (version_.empty()) return std::string(upstream_version_);
  std::string whole = with_epoch(epoch_, version_);
  if (!release_.empty()) whole += '-' + std::string(release_);
  return whole;
}

}  // namespace initscan
