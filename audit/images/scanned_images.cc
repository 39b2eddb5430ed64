#include "audit/images/scanned_images.h"

#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "initscan/match/matcher.h"
#include "initscan/policy/evidence.h"
#include "initscan/sbom/cyclonedx_reader.h"

#include <algorithm>
#include <chrono>
#include <map>

namespace initscan::audit {
namespace {

constexpr std::string_view kAlgorithm = "sha256:";
constexpr std::size_t kHexDigits = 64;

// The digest becomes a part of a name: nothing but hexadecimal digits may come out of it.
std::optional<std::string_view> hex_of(std::string_view digest) {
  if (!digest.starts_with(kAlgorithm)) return std::nullopt;
  digest.remove_prefix(kAlgorithm.size());
  if (digest.size() != kHexDigits || digest.find_first_not_of("0123456789abcdef") != digest.npos) return std::nullopt;
  return digest;
}

std::string no_digest(std::string_view digest) {
  return digest.empty() ? "the image's digest is not known" : '"' + std::string(digest) + "\" is not a sha256 digest";
}

}  // namespace

Result<ScannedImages::Image> ScannedImages::match_text(std::string_view text) const {
  const auto sbom = read_cyclonedx(text);
  if (!sbom) return sbom.error();
  // One for each id, whatever number of packages has it.
  std::map<std::string, Vulnerability> vulnerabilities;
  const auto match = match_sbom(*sbom, index_, [&](const Finding& finding) {
    const auto [place, is_new] = vulnerabilities.try_emplace(finding.id);
    Vulnerability& known = place->second;
    if (is_new) {
      const auto published = parse_rfc3339(finding.published);
      known = {finding.id, finding.severity, published ? std::optional(*published) : std::nullopt};
    }
    known.severity = std::max(known.severity, finding.severity);
  });
  if (!match) return Error(match.error()).within("the advisory index");

  Image image;
  image.undecided = why_not_clean(Evidence(*sbom, *match, index_.data_date()), current_time());
  for (auto& [id, vulnerability] : vulnerabilities) image.vulnerabilities.push_back(std::move(vulnerability));
  std::stable_sort(image.vulnerabilities.begin(), image.vulnerabilities.end(),
                   [](const Vulnerability& a, const Vulnerability& b) { return a.severity > b.severity; });
  return image;
}

ScannedImages::Image ScannedImages::match(std::string_view digest) const {
  Image image;
  const auto document = sboms_->sbom(digest);
  if (!document) {
    image.why_not = document.error().text;
  } else if (!*document) {
    image.is_absent = true;
    image.why_not = "no SBOM of " + std::string(digest) + ' ' + sboms_->where();
  } else if (auto matched = match_text((*document)->text); matched) {
    image = std::move(*matched);
  } else {
    image.why_not = (*document)->place + ": " + matched.error().text;
  }
  image.digest = digest;
  return image;
}

const ScannedImages::Image& ScannedImages::image(std::string_view digest) const {
  const auto known = by_digest_.find(digest);
  if (known != by_digest_.end()) {
    images_.splice(images_.begin(), images_, known->second);
    return images_.front();
  }
  images_.push_front(match(digest));
  by_digest_.emplace(images_.front().digest, images_.begin());
  cached_ += 1 + images_.front().vulnerabilities.size();
  while (cached_ > kMaxCachedFindings && images_.size() > 1) {
    cached_ -= 1 + images_.back().vulnerabilities.size();
    by_digest_.erase(images_.back().digest);
    images_.pop_back();
  }
  return images_.front();
}

Known<ImageVulnerabilities> ScannedImages::vulnerabilities(std::string_view digest, Time since) const {
  if (!hex_of(digest)) return {std::nullopt, no_digest(digest)};
  const Image& image = this->image(digest);
  if (!image.why_not.empty()) return {std::nullopt, image.why_not};
  ImageVulnerabilities found;
  std::size_t undated = 0;
  for (const Vulnerability& vulnerability : image.vulnerabilities) {
    ++found.total;
    if (!vulnerability.published) ++undated;
    if (!vulnerability.published || *vulnerability.published <= since) continue;
    ++found.newer;
    found.worst_newer = std::max(found.worst_newer, vulnerability.severity);
    if (found.newer_ids.size() < kMaxNewerIds) found.newer_ids.push_back(vulnerability.id);
  }
  // What is newer is newer, whatever else is not known; that nothing is takes all of it.
  if (found.newer > 0) return {std::move(found), {}};
  if (!image.undecided.empty()) return {std::nullopt, image.undecided};
  if (undated > 0) {
    return {std::nullopt, std::to_string(undated) + " of " + std::to_string(found.total) +
                              " vulnerabilities have no publication date"};
  }
  return {std::move(found), {}};
}

Known<bool> ScannedImages::was_scanned(std::string_view digest) const {
  if (!hex_of(digest)) return {std::nullopt, no_digest(digest)};
  const Image& image = this->image(digest);
  if (image.is_absent) return {false, {}};
  // A document of that name does not prove a scan: it must be an SBOM.
  if (!image.why_not.empty()) return {std::nullopt, image.why_not};
  return {true, {}};
}

}  // namespace initscan::audit
