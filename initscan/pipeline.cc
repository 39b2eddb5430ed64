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
#include <variant>

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
std::optional<Reason> doubt_of_seal(const std::string& sbom_path, std::string_view sbom, std::string_view nonce) {
  const std::string path = sbom_path + std::string(kSealSuffix);
  const auto seal = read_file(path, kMaxSealBytes);
  if (!seal) {
    return Reason{ReasonId::seal_missing,
                  path + ": " + seal.error().text + "; an SBOM without its seal counts for nothing"};
  }
  if (is_sealed(nonce, sbom, *seal)) return std::nullopt;
  return Reason{ReasonId::seal_wrong,
                sbom_path + ": is not what initscan's collector wrote in this pod: its seal is another"};
}

// An image, or why it is not known.
using SbomOrReason = std::variant<Sbom, Reason>;

SbomOrReason collected(const RootFs& root, const std::string& confinement) {
  Sbom sbom = collect(root);
  sbom.confinement = confinement;
  return sbom;
}

SbomOrReason sbom_in(const std::string& path, std::string_view nonce) {
  const auto text = read_file(path, kMaxSbomBytes);
  if (!text) return Reason{ReasonId::sbom_unreadable, path + ": " + text.error().text};
  if (!nonce.empty()) {
    if (auto doubt = doubt_of_seal(path, *text, nonce)) return std::move(*doubt);
  }
  auto sbom = read_cyclonedx(*text);
  if (!sbom) return Reason{ReasonId::sbom_unreadable, path + ": " + sbom.error().text};
  return std::move(*sbom);
}

SbomOrReason sbom_of(const OpenImage& image, const std::string& confinement, std::string_view nonce) {
  if (!image.root) return sbom_in(image.source->path, nonce);
  const Result<RootFs>& root = *image.root;
  if (!root) return Reason{ReasonId::image_unreadable, root.error().text};
  return collected(*root, confinement);
}

ImageVerdict unreadable(const ImageSource& source, Reason reason) {
  ImageVerdict verdict;
  verdict.index = source.index;
  verdict.image = source.image;
  verdict.outcome = Outcome::undecided;
  verdict.undecided = {std::move(reason)};
  return verdict;
}

}  // namespace

Result<Scan> scan(const ScanRequest& request) {
  // Our own data first: it is trusted, and it is needed whatever the images are.
  const auto index = AdvisoryIndex::open(request.index_path);
  if (!index && access(request.index_path.c_str(), F_OK) != 0) {
    const Error& error = index.error();
    return with_id(Error{error.code, error.text + "; name an index with --db, or make one with `initscan db build`"},
                   ReasonId::index_unreadable);
  }
  if (!index) return with_id(index.error(), ReasonId::index_unreadable);
  const LocalMatcher matcher(*index, request.index_path, index->data_date());

  const auto nonce = read_nonce(request.seal_path);
  if (!nonce) return with_id(nonce.error(), ReasonId::nonce_unreadable);

  // The images' roots are open from here on, and nothing else of them has been read.
  const std::vector<OpenImage> images = open_images(request.images);
  const auto confinement = confine(readable_paths(images));
  if (!confinement) return with_id(confinement.error(), ReasonId::not_confined);

  Scan scan;
  scan.verdict.policy_name = request.policy.name;
  scan.verdict.enforcement = request.policy.enforcement;
  scan.verdict.data_date = matcher.data_date();
  scan.verdict.warnings = expired_exemptions(request.policy, request.now);
  std::vector<bool> used(request.policy.ignore.size());
  for (const OpenImage& image : images) {
    SbomOrReason sbom_or_reason = sbom_of(image, *confinement, *nonce);
    if (auto* const reason = std::get_if<Reason>(&sbom_or_reason)) {
      scan.verdict.images.push_back(unreadable(*image.source, std::move(*reason)));
      scan.sboms.emplace_back();
      continue;
    }
    Sbom& sbom = std::get<Sbom>(sbom_or_reason);
    Judge judge(request.policy, request.now);
    const auto match = matcher.match(
        sbom, [&](Finding finding) { judge.add(std::move(finding)); },
        [&](const Finding& finding, const std::string& why) { return judge.accepts_doubt(finding, why); });
    if (!match) return with_id(match.error(), ReasonId::index_unreadable);
    const Evidence evidence(sbom, *match, std::string(matcher.data_date()));
    scan.sboms.push_back(sbom);
    std::transform(used.begin(), used.end(), judge.used().begin(), used.begin(), std::logical_or<>());
    scan.verdict.images.push_back(judge.conclude(image.source->index, image.source->image, std::move(sbom), evidence));
  }
  scan.verdict.notes = unused_exemptions(request.policy, request.now, used);
  conclude(scan.verdict);
  return scan;
}

}  // namespace initscan
