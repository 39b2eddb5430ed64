#pragma once

#include "audit/images/sbom_source.h"

#include <memory>

namespace initscan::audit {

// A folder of SBOMs named by the digest of their images: sha256-HEX.json or sha256:HEX.json.
class SbomFolder : public SbomSource {
 public:
  /// Errors: io - it cannot be read.
  static Result<std::unique_ptr<SbomSource>> open(const std::string& folder);

  Result<std::optional<Document>> sbom(std::string_view digest) override;
  std::string where() const override { return "in " + folder_; }

 private:
  explicit SbomFolder(std::string folder) : folder_(std::move(folder)) {}

  const std::string folder_;
};

}  // namespace initscan::audit
