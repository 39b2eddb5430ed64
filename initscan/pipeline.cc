#include "initscan/pipeline.h"

#include "common/file_io.h"
#include "initscan/advisory/index/index.h"
#include "initscan/collect.h"
#include "initscan/confine/confine.h"
#include "initscan/match/local_matcher.h"
#include "initscan/policy/judge.h"
#include "initscan/sbom/cyclonedx_reader.h"
#include "initscan/sbom/seal.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>

#include <unistd.h>

namespace initscan {
namespace {

// Where an image stands open, before the process confines itself.
struct OpenImage {
  const ImageSource* source;
  std::optional<Result<RootFs>> root;  // of kind rootfs
};

std::vector<OpenImage> open_images(const std::vector<ImageSource>& sources) {
  std::vector<OpenImage> images;
  for (const ImageSource& source : sources) {
    images.push_back({&source, std::nullopt});
    if (source.kind == ImageSource::Kind::rootfs) images.back().root.emplace(RootFs::open(source.path));
  }
  return images;
}

// Only what is there: landlock cannot allow what it cannot find, and what is missing is said later, by image.
std::vector<std::string> readable_paths(const std::vector<OpenImage>& images) {
  std::vector<std::string> paths;
  const auto add_if_there = [&](const std::string& path) {
    if (access(path.c_str(), R_OK) == 0) paths.push_back(path);
  };
  for (const OpenImage& image : images) {
    const std::string& path = image.source->path;
    if (image.source->kind == ImageSource::Kind::sbom) {
      add_if_there(path);
      add_if_there(path + std::string(kSealSuffix));
    } else if (image.root && image.root->has_value()) {
      paths.push_back(path);
    }
  }
  return paths;
}

Result<std::string> read_nonce(const std::string& path) {
  if (path.empty()) return std::string();
  auto nonce = read_file(path, kNonceBytes);
  if (!nonce) return std::move(nonce).error().within(path);
  if (auto whole = check_nonce(*nonce); !whole) return Error(whole.error()).within(path);
  return nonce;
}

// The collector runs inside of the image, and its SBOM waits in a volume: whatever came between shows here.
Result<void> check_seal(const std::string& sbom_path, std::string_view sbom, std::string_view nonce) {
  const std::string path = sbom_path + std::string(kSealSuffix);
  const auto seal = read_file(path, kMaxSealBytes);
  if (!seal) {
    const Error error{seal.error().code, seal.error().text + "; an SBOM without its seal counts for nothing"};
    return Error(error).within(path);
  }
  if (is_sealed(nonce, sbom, *seal)) return {};
  const Error error{Errc::malformed, "is not what initscan's collector wrote in this pod: its seal is another"};
  return Error(error).within(sbom_path);
}

Result<Sbom> sbom_of(const OpenImage& image, const std::string& confinement, std::string_view nonce) {
  if (image.root) {
    if (!*image.root) return image.root->error();
    Sbom sbom = collect(**image.root);
    sbom.confinement = confinement;
    return sbom;
  }
  const std::string& path = image.source->path;
  auto text = read_file(path, kMaxSbomBytes);
  if (!text) return std::move(text).error().within(path);
  if (!nonce.empty()) {
    if (auto sealed = check_seal(path, *text, nonce); !sealed) return sealed.error();
  }
  auto sbom = read_cyclonedx(*text);
  if (!sbom) return std::move(sbom).error().within(path);
  return sbom;
}

ImageVerdict unreadable(const ImageSource& source, const Error& error) {
  ImageVerdict verdict;
  verdict.index = source.index;
  verdict.image = source.image;
  verdict.outcome = Outcome::undecided;
  verdict.undecided = {error.text};
  return verdict;
}

}  // namespace

Result<Scan> scan(const ScanRequest& request) {
  // Our own data first: it is trusted, and it is needed whatever the images are.
  const auto index = AdvisoryIndex::open(request.index_path);
  if (!index && access(request.index_path.c_str(), F_OK) != 0) {
    return Error{index.error().code,
                 index.error().text + "; name an index with --db, or make one with `initscan db build`"};
  }
  if (!index) return index.error();
  const LocalMatcher matcher(*index, request.index_path, index->data_date());

  const auto nonce = read_nonce(request.seal_path);
  if (!nonce) return nonce.error();

  // The images' roots are open from here on, and nothing else of them has been read.
  const std::vector<OpenImage> images = open_images(request.images);
  const auto confinement = confine(readable_paths(images));
  if (!confinement) return confinement.error();

  Scan scan;
  scan.verdict.policy_name = request.policy.name;
  scan.verdict.enforcement = request.policy.enforcement;
  scan.verdict.data_date = matcher.data_date();
  scan.verdict.warnings = expired_exemptions(request.policy, request.now);
  std::vector<bool> used(request.policy.ignore.size());
  for (const OpenImage& image : images) {
    auto sbom = sbom_of(image, *confinement, *nonce);
    if (!sbom) {
      scan.verdict.images.push_back(unreadable(*image.source, sbom.error()));
      scan.sboms.emplace_back();
      continue;
    }
    Judge judge(request.policy, request.now);
    const auto match = matcher.match(
        *sbom, [&](Finding finding) { judge.add(std::move(finding)); },
        [&](const Finding& finding, const std::string& why) { return judge.accepts_doubt(finding, why); });
    if (!match) return match.error();
    const Evidence evidence(*sbom, *match, std::string(matcher.data_date()));
    scan.sboms.push_back(*sbom);
    std::transform(used.begin(), used.end(), judge.used().begin(), used.begin(), std::logical_or<>());
    scan.verdict.images.push_back(judge.conclude(image.source->index, image.source->image, std::move(*sbom), evidence));
  }
  scan.verdict.notes = unused_exemptions(request.policy, request.now, used);
  conclude(scan.verdict);
  return scan;
}

}  // namespace initscan
