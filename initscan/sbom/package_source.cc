#include "initscan/sbom/package_source.h"

#include "initscan/model/source_rpm.h"
#include "initscan/sbom/property_names.h"

#include <algorithm>

namespace initscan {

std::string with_epoch(std::string_view epoch, std::string_view version) {
  if (epoch.empty() || epoch == "0" || version.find(':') != version.npos) return std::string(version);
  return std::string(epoch) + ':' + std::string(version);
}

bool says_other_epoch(std::string_view epoch, std::string_view version) {
  const std::size_t colon = version.find(':');
  return !epoch.empty() && colon != version.npos && version.substr(0, colon) != epoch;
}

void PackageSource::read(std::string_view property, std::string_view value) {
  if (property.starts_with("syft:metadata:")) has_syfts_metadata_ = true;
  if (property == kSourceName || property == "aquasecurity:trivy:SrcName" || property == "syft:metadata:source" ||
      property == "syft:metadata:originPackage") {
    add(value);
  } else if (property == kSourceVersion || property == "aquasecurity:trivy:SrcVersion" ||
             property == "syft:metadata:sourceVersion") {
    versions_.push_back(value);
  } else if (property == "aquasecurity:trivy:SrcRelease") {
    release_ = value;
  } else if (property == "aquasecurity:trivy:SrcEpoch") {
    epoch_ = value;
  }
}

void PackageSource::read(const Purl& purl) {
  for (const std::string_view key : {"upstream", "source"}) {
    const std::string_view word = purl.qualifier(key);
    if (read_file_name(word, purl.qualifier("epoch"))) continue;
    const std::size_t mark = word.find('@');
    add(word.substr(0, mark));
    if (mark != word.npos) upstream_versions_.emplace_back(word.substr(mark + 1));
  }
}

// The epoch is that of what was built from it.
bool PackageSource::read_file_name(std::string_view word, std::string_view epoch) {
  const auto source = source_rpm_of(word);
  if (!source) return false;
  add(source->name);
  upstream_versions_.push_back(with_epoch(epoch, source->version));
  return true;
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

std::vector<std::string> PackageSource::versions() const {
  std::vector<std::string> all;
  for (const std::string_view version : versions_) {
    if (version.empty()) continue;
    all.push_back(with_epoch(epoch_, version));
    if (!release_.empty()) all.back().append("-").append(release_);
    if (says_other_epoch(epoch_, version)) all.emplace_back(epoch_).append(version.substr(version.find(':')));
  }
  for (const std::string_view version : upstream_versions_) {
    if (!version.empty()) all.emplace_back(version);
  }
  return all;
}

std::string PackageSource::version() const {
  const std::vector<std::string> all = versions();
  return all.empty() ? std::string() : all.front();
}

std::string PackageSource::other_version() const {
  const std::vector<std::string> all = versions();
  const auto other = std::find_if(all.begin(), all.end(), [&](const std::string& v) { return v != all.front(); });
  return other == all.end() ? std::string() : *other;
}

}  // namespace initscan
