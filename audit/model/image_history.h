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

// What is known of images by their digest, "sha256:...": an index and a folder of SBOMs, later a server.
class ImageHistory {
 public:
  virtual ~ImageHistory() = default;

  /// Vulnerabilities of the image, and which of them were published after `since`.
  virtual Known<ImageVulnerabilities> vulnerabilities(std::string_view digest, Time since) const = 0;

  /// Whether an SBOM of the image is there: a scan saw exactly these bits.
  virtual Known<bool> was_scanned(std::string_view digest) const = 0;
};

}  // namespace initscan::audit
