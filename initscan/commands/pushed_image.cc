#include "initscan/commands/pushed_image.h"

#include "common/file_io.h"

#include <utility>

namespace initscan {
namespace {

Result<Blob> keep(std::string_view bytes, const std::string& folder, std::vector<PushedImage::BlobFile>& files) {
  Blob blob = blob_of(bytes);
  PushedImage::BlobFile file{blob.digest, folder + '/' + blob.digest};
  if (auto written = write_file(file.path, bytes); !written) return std::move(written).error().within(file.path);
  files.push_back(std::move(file));
  return blob;
}

}  // namespace

Result<PushedImage> keep_image(ImageFacts facts, const std::vector<std::string>& architectures, std::string_view layer,
                               const std::string& folder) {
  PushedImage image;
  std::vector<ListedImage> list;
  const auto layer_blob = keep(layer, folder, image.blobs);
  if (!layer_blob) return layer_blob.error();
  for (const std::string& architecture : architectures) {
    facts.architecture = architecture;
    const auto config = keep(write_image_config(facts, *layer_blob), folder, image.blobs);
    if (!config) return config.error();
    auto manifest = keep(write_image_manifest(facts, *config, *layer_blob), folder, image.manifests);
    if (!manifest) return manifest.error();
    list.push_back({architecture, std::move(*manifest)});
  }
  image.manifest_type = list.size() == 1 ? kManifestType : kListType;
  if (list.size() > 1) {
    if (const auto kept = keep(write_image_list(facts, list), folder, image.manifests); !kept) return kept.error();
  }
  image.manifest = std::move(image.manifests.back());
  image.manifests.pop_back();
  return image;
}

}  // namespace initscan
