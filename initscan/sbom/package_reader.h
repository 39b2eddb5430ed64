#pragma once

#include "common/result.h"
#include "initscan/model/sbom.h"
#include "initscan/sbom/json_fields.h"
#include "initscan/sbom/odd_parts.h"
#include "initscan/sbom/package_source.h"
#include "initscan/sbom/purl.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace initscan {

// Makes packages of the components of a document, and notes where one says two things of itself.
class PackageReader {
 public:
  PackageReader(Sbom& sbom, OddParts& odd) : sbom_(sbom), odd_(odd) {}

  /// That Syft alone made the document: see PackageSource.
  void set_syfts(bool is_syfts) { is_syfts_ = is_syfts; }

  /// Adds the package of a component with its purl. Errors: malformed - it has none, or fields that no package has.
  Result<void> read(const JsonFields& fields, const std::string& at, const Purl& purl, const Ecosystem& ecosystem);

  /// Advisories speak of sources: a package that does not say its own is found by chance.
  void conclude(Coverage& coverage) const;

 private:
  void set_source(Package& package, const PackageSource& source, const Ecosystem& ecosystem, const std::string& at);
  void compare_with_itself(const std::string& at, const Purl& purl);
  Result<void> compare_with_component(const JsonFields& fields, const std::string& at, const Purl& purl,
                                      const Package& package);
  void note_contradiction(const std::string& at, std::string_view said, std::string_view purl);
  void note_contradiction(std::string sentence);

  Sbom& sbom_;
  OddParts& odd_;
  bool is_syfts_ = false;
  std::size_t contradictions_ = 0;
  std::size_t unsourced_ = 0;  // packages
  std::string first_unsourced_;
};

}  // namespace initscan
