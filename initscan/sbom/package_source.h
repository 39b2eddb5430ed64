#pragma once

#include "initscan/sbom/purl.h"

#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// What a component of any writer's SBOM says of the source that its package was built from: the qualifiers `upstream`
// and `source` of its purl, our properties, Trivy's and Syft's. Advisories speak of sources: a package without a word
// on its own is not known by its name. The words live as long as the document and the purl.
class PackageSource {
 public:
  /// A property of the component; others than these are not looked at.
  void read(std::string_view property, std::string_view value);

  void read(const Purl& purl);

  /// Of a document that Syft wrote: Syft leaves the source out where it is named as the package, as dpkg does. A
  /// component without Syft's metadata comes from another tool, which may have known nothing.
  void leave_out_as_syft_does(std::string_view package_name);

  bool is_stated() const { return !names_.empty(); }

  /// The first that is said; "" where none is.
  std::string_view name() const { return names_.empty() ? std::string_view() : names_.front(); }

  /// One that differs from name(), by which another reader may go; "" where all say the same.
  std::string_view other_name() const;

  /// "" where nothing says it.
  std::string version() const;

  /// As other_name().
  std::string other_version() const;

 private:
  void add(std::string_view name);
  bool read_file_name(std::string_view word, std::string_view epoch);

  std::vector<std::string> versions() const;

  std::vector<std::string_view> names_;
  std::vector<std::string_view> versions_;      // of properties
  std::string_view release_, epoch_;            // what Trivy says apart from the version
  std::vector<std::string> upstream_versions_;  // of the purl
  bool has_syfts_metadata_ = false;
};

// "1:2.38-5" of epoch "1" and version "2.38-5", where the version does not say its epoch itself.
std::string with_epoch(std::string_view epoch, std::string_view version);

// Whether the version says its epoch itself, and it is another one: "0" and "1:2.38-5".
bool says_other_epoch(std::string_view epoch, std::string_view version);

}  // namespace initscan
