#include "initscan/pipeline.h"

#include "common/file_io.h"
#include "initscan/advisory/index.h"
#include "initscan/collect.h"
#include "initscan/confine/confine.h"
#include "initscan/match/matcher.h"
#include "initscan/policy/judge.h"
#include "initscan/sbom/cyclonedx_reader.h"

#include <optional>

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
  for (const OpenImage& image : images) {
    const bool is_missing = image.root ? !image.root->has_value() : access(image.source->path.c_str(), R_OK) != 0;
    if (!is_missing) paths.push_back(image.source->path);
  }
  return paths;
}

Result<Sbom> sbom_of(const OpenImage& image, const std::string& confinement) {
  if (image.root) {
    if (!*image.root) return image.root->error();
    Sbom sbom = collect(**image.root);
    sbom.confinement = confinement;
    return sbom;
  }
  const std::string& path = image.source->path;
  auto text = read_file(path, kMaxSbomBytes);
  if (!text) return std::move(text).error().within(path);
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
  if (!index) return index.error();

  // The images' roots are open from here on, and nothing else of them has been read.
  const std::vector<OpenImage> images = open_images(request.images);
  const auto confinement = confine(readable_paths(images));
  if (!confinement) return confinement.error();

  Scan scan;
  scan.verdict.policy_name = request.policy.name;
  scan.verdict.enforcement = request.policy.enforcement;
  scan.verdict.data_date = index->data_date();
  scan.verdict.warnings = expired_exemptions(request.policy, request.now);
  for (const OpenImage& image : images) {
    auto sbom = sbom_of(image, *confinement);
    if (!sbom) {
      scan.verdict.images.push_back(unreadable(*image.source, sbom.error()));
      scan.sboms.emplace_back();
      continue;
    }
    auto match = match_sbom(*sbom, *index);
    if (!match) return std::move(match).error().within(request.index_path);
    scan.sboms.push_back(*sbom);
    scan.verdict.images.push_back(judge(
        request.policy, request.now, {image.source->index, image.source->image, std::move(*sbom), std::move(*match)}));
  }
  conclude(scan.verdict);
  return scan;
}

}  // namespace initscan
