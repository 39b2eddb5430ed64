#include "audit/images/sbom_folder.h"

#include "common/file_io.h"
#include "common/time/now.h"
#include "common/time/rfc3339.h"
#include "initscan/match/matcher.h"
#include "initscan/policy/evidence.h"
#include "initscan/sbom/cyclonedx_reader.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>

namespace initscan::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAlgorithm = "sha256:";
constexpr std::size_t kHexDigits = 64;

// The digest becomes a file's name: nothing but hexadecimal digits may come out of it.
std::optional<std::string_view> hex_of(std::string_view digest) {
  if (!digest.starts_with(kAlgorithm)) return std::nullopt;
  digest.remove_prefix(kAlgorithm.size());
  if (digest.size() != kHexDigits || digest.find_first_not_of("0123456789abcdef") != digest.npos) return std::nullopt;
  return digest;
}

std::string path_of(const std::string& folder, std::string_view hex) {
  std::string path;
  for (const char* const name : {"/sha256-", "/sha256:"}) {
    path = folder + name + std::string(hex) + ".json";
    std::error_code ec;
    if (fs::exists(path, ec) || ec) return path;  // what cannot be looked at is not absent
  }
  return {};
}

// Why a scan with the default policy would not call the image clean; "" where it would.
std::string not_whole(const Evidence& evidence) {
  const auto now = current_time();
  const Weighed weighed = weigh(Policy{}, now, evidence);
  return weighed.undecided.empty() ? std::string() : weighed.undecided.front().sentence;
}

std::string no_digest(std::string_view digest) {
  return digest.empty() ? "the image's digest is not known" : '"' + std::string(digest) + "\" is not a sha256 digest";
}

}  // namespace

Result<SbomFolder> SbomFolder::open(const std::string& index_path, const std::string& folder) {
  auto index = AdvisoryIndex::open(index_path);
  if (!index) return index.error();
  std::error_code ec;
  const fs::directory_iterator readable(folder, ec);
  if (ec) return Error{Errc::io, folder + ": cannot read: " + ec.message()};
  return SbomFolder(std::move(*index), folder);
}

Result<SbomFolder::Image> SbomFolder::match_file(const std::string& path) const {
  const auto text = read_file(path, kMaxSbomBytes);
  if (!text) return text.error();
  const auto sbom = read_cyclonedx(*text);
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
  image.undecided = not_whole(Evidence(*sbom, *match, index_.data_date()));
  for (auto& [id, vulnerability] : vulnerabilities) image.vulnerabilities.push_back(std::move(vulnerability));
  std::stable_sort(image.vulnerabilities.begin(), image.vulnerabilities.end(),
                   [](const Vulnerability& a, const Vulnerability& b) { return a.severity > b.severity; });
  return image;
}

SbomFolder::Image SbomFolder::match(std::string_view digest) const {
  Image image;
  const std::string path = path_of(folder_, *hex_of(digest));
  if (path.empty()) {
    image.why_not = "no SBOM of " + std::string(digest) + " in " + folder_;
  } else if (auto matched = match_file(path); matched) {
    image = std::move(*matched);
  } else {
    image.why_not = path + ": " + matched.error().text;
  }
  image.digest = digest;
  return image;
}

const SbomFolder::Image& SbomFolder::image(std::string_view digest) const {
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

Known<ImageVulnerabilities> SbomFolder::vulnerabilities(std::string_view digest, Time since) const {
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

Known<bool> SbomFolder::was_scanned(std::string_view digest) const {
  const auto hex = hex_of(digest);
  if (!hex) return {std::nullopt, no_digest(digest)};
  if (path_of(folder_, *hex).empty()) return {false, {}};
  // A file of that name does not prove a scan: it must be an SBOM.
  const Image& image = this->image(digest);
  if (!image.why_not.empty()) return {std::nullopt, image.why_not};
  return {true, {}};
}

}  // namespace initscan::audit
