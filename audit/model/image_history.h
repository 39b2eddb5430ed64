#pragma once

#include "audit/model/cluster.h"
#include "initscan/model/severity.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

// What today's advisories say of an image that was admitted at some time.
struct ImageVulnerabilities {
  std::size_t total = 0;
  std::size_t newer = 0;  // published after that time
  Severity worst_newer = Severity::unknown;
  std::vector<std::string> newer_ids;  // worst first, at most kMaxNewerIds
};

inline constexpr std::size_t kMaxNewerIds = 20;

// What is known of images by their digest, "sha256:...": an index, and SBOMs of a folder or of a server.
class ImageHistory {
 public:
  virtual ~ImageHistory() = default;

  /// Vulnerabilities of the image, and which of them were published after `since`.
  virtual Known<ImageVulnerabilities> vulnerabilities(std::string_view digest, Time since) const = 0;

  /// Whether an SBOM of the image is there: a scan saw exactly these bits.
  virtual Known<bool> was_scanned(std::string_view digest) const = 0;

  /// Why not every answer could be had, for what was asked until now: a part of the audit could not be read. "": all.
  virtual std::string trouble() const { return {}; }
};

}  // namespace initscan::audit
