#pragma once

#include "audit/images/sbom_source.h"
#include "audit/model/image_history.h"
#include "common/result.h"
#include "initscan/advisory/index/index.h"

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace initscan::audit {

inline constexpr std::size_t kMaxCachedFindings = 200'000;  // of all images together

// An image history of two things that scans leave: the advisory index, and SBOMs. Each image is matched once and kept
// while there is room: pods of one image may follow each other or be far apart.
class ScannedImages : public ImageHistory {
 public:
  ScannedImages(AdvisoryIndex index, std::unique_ptr<SbomSource> sboms)
      : index_(std::move(index)), sboms_(std::move(sboms)) {}

  /// Not known: no SBOM of the image, or one that cannot be read or matched; and where nothing is newer by its date,
  /// but some have none.
  Known<ImageVulnerabilities> vulnerabilities(std::string_view digest, Time since) const override;
  Known<bool> was_scanned(std::string_view digest) const override;
  std::string trouble() const override { return sboms_->trouble(); }

 private:
  // One vulnerability of an image, whichever packages have it.
  struct Vulnerability {
    std::string id;
    Severity severity = Severity::unknown;
    std::optional<Time> published;
  };
  struct Image {
    std::string digest;
    bool is_absent = false;                      // there is no SBOM of it
    std::string why_not;                         // nothing is known
    std::string undecided;                       // something is not known
    std::vector<Vulnerability> vulnerabilities;  // worst first
  };

  const Image& image(std::string_view digest) const;  // a valid one
  Image match(std::string_view digest) const;
  Result<Image> match_text(std::string_view text) const;

  AdvisoryIndex index_;
  std::unique_ptr<SbomSource> sboms_;
  // Most recently asked for first. An audit runs on one thread.
  mutable std::list<Image> images_;
  mutable std::unordered_map<std::string_view, std::list<Image>::iterator> by_digest_;
  mutable std::size_t cached_ = 0;
};

}  // namespace initscan::audit
