#pragma once

#include "audit/model/image_history.h"
#include "common/result.h"
#include "initscan/advisory/index/index.h"

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace initscan::audit {

inline constexpr std::size_t kMaxCachedFindings = 200'000;  // of all images together

// An image history of two things that scans leave: the advisory index, and a folder of SBOMs named by the digest of
// their images, sha256-HEX.json or sha256:HEX.json. Each image is matched once and kept while there is room: pods of
// one image may follow each other or be far apart.
class SbomFolder : public ImageHistory {
 public:
  /// Errors: of the index; io - the folder cannot be read.
  static Result<SbomFolder> open(const std::string& index_path, const std::string& folder);

  /// Not known: no SBOM of the image, or one that cannot be read or matched; and where nothing is newer by its date,
  /// but some have none.
  Known<ImageVulnerabilities> vulnerabilities(std::string_view digest, Time since) const override;
  Known<bool> was_scanned(std::string_view digest) const override;

 private:
  // One vulnerability of an image, whichever packages have it.
  struct Vulnerability {
    std::string id;
    Severity severity = Severity::unknown;
    std::optional<Time> published;
  };
  struct Image {
    std::string digest;
    std::string why_not;                         // nothing is known
    std::string undecided;                       // something is not known
    std::vector<Vulnerability> vulnerabilities;  // worst first
  };

  SbomFolder(AdvisoryIndex index, std::string folder) : index_(std::move(index)), folder_(std::move(folder)) {}
  const Image& image(std::string_view digest) const;  // a valid one
  Image match(std::string_view digest) const;
  Result<Image> match_file(const std::string& path) const;

  AdvisoryIndex index_;
  std::string folder_;
  // Most recently asked for first. An audit runs on one thread.
  mutable std::list<Image> images_;
  mutable std::unordered_map<std::string_view, std::list<Image>::iterator> by_digest_;
  mutable std::size_t cached_ = 0;
};

}  // namespace initscan::audit
