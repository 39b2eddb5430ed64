#include "initscan/registry/manifest.h"

#include "common/crypto/sha256.h"
#include "common/json/element.h"
#include "common/json/parse_dom.h"
#include "common/json/writer.h"
#include "common/text/in_quotes.h"
#include "common/text/visible.h"
#include "initscan/model/image_digest.h"

#include <algorithm>
#include <array>

namespace initscan {
namespace {

constexpr std::string_view kLayerType = "application/vnd.oci.image.layer.v1.tar";
constexpr std::string_view kDockerManifestType = "application/vnd.docker.distribution.manifest.v2+json";
constexpr std::string_view kDockerListType = "application/vnd.docker.distribution.manifest.list.v2+json";
constexpr const char* kCreated = "org.opencontainers.image.created";

struct LayerType {
  std::string_view name;
  bool is_packed;
};
constexpr std::array<LayerType, 4> kLayerTypes{{{kLayerType, false},
                                                {"application/vnd.oci.image.layer.v1.tar+gzip", true},
                                                {"application/vnd.docker.image.rootfs.diff.tar", false},
                                                {"application/vnd.docker.image.rootfs.diff.tar.gzip", true}}};

JsonWriter& begin_blob(JsonWriter& json, std::string_view type, const Blob& blob) {
  return json.begin_object().field("mediaType", type).field("digest", blob.digest).field("size", blob.bytes);
}

void write_annotations(JsonWriter& json, const ImageFacts& facts) {
  json.key("annotations").begin_object();
  for (const auto& [name, value] : facts.annotations) json.field(name, value);
  if (!facts.created.empty()) json.field(kCreated, facts.created);
  json.end_object();
}

Error malformed(const std::string& what) {
  return {Errc::malformed, "manifest: " + what};
}

// `place`: for errors.
Result<Blob> read_blob(const simdjson::dom::element& element, const std::string& place) {
  Blob blob{std::string(text_in(element, "digest"))};
  if (!is_image_digest(blob.digest) || !blob.digest.starts_with("sha256:")) {
    return malformed(place + ".digest: want sha256: and 64 hexadecimal digits");
  }
  if (element["size"].get(blob.bytes) != simdjson::SUCCESS || blob.bytes == 0) {
    return malformed(place + ".size: want how many bytes it has");
  }
  return blob;
}

Result<IndexLayer> read_layer(const simdjson::dom::element& layer) {
  const std::string_view type = text_in(layer, "mediaType");
  const auto known =
      std::find_if(kLayerTypes.begin(), kLayerTypes.end(), [&](const LayerType& each) { return each.name == type; });
  if (known == kLayerTypes.end()) {
    return Error{Errc::unsupported, "manifest: layers[0].mediaType: " + visible(in_quotes(type)) +
                                        ", which is neither a tar nor one that gzip packed"};
  }
  auto blob = read_blob(layer, "layers[0]");
  if (!blob) return blob.error();
  return IndexLayer{std::move(*blob), known->is_packed};
}

// The element, which is an object, lasts as long as nobody parses again.
Result<simdjson::dom::element> read_object(simdjson::dom::parser& parser, std::string_view text) {
  if (text.size() > kMaxManifestBytes) {
    return Error{Errc::over_limit, "manifest: larger than " + std::to_string(kMaxManifestBytes) + " bytes"};
  }
  const auto root = parse_dom(parser, text);
  if (!root) return Error(root.error()).within("manifest");
  if (!root->is_object()) return malformed("want an object");
  std::uint64_t version = 0;
  if ((*root)["schemaVersion"].get(version) != simdjson::SUCCESS || version != 2) {
    return Error{Errc::unsupported, "manifest: schemaVersion: want 2"};
  }
  return *root;
}

}  // namespace

std::string accepted_manifests() {
  std::string types;
  for (const std::string_view type : {kManifestType, kListType, kDockerManifestType, kDockerListType}) {
    types.append(types.empty() ? "" : ", ").append(type);
  }
  return types;
}

Blob blob_of(std::string_view bytes) {
  return {"sha256:" + sha256_hex(bytes), bytes.size()};
}

std::string write_image_config(const ImageFacts& facts, const Blob& layer) {
  JsonWriter json;
  json.begin_object();
  if (!facts.created.empty()) json.field("created", facts.created);
  json.field("architecture", facts.architecture).field("os", "linux");
  json.key("config").begin_object().end_object();
  json.key("rootfs").begin_object().field("type", "layers").key("diff_ids").begin_array().value(layer.digest);
  return json.end_array().end_object().end_object().take();
}

std::string write_image_manifest(const ImageFacts& facts, const Blob& config, const Blob& layer) {
  JsonWriter json;
  json.begin_object().field("schemaVersion", 2u).field("mediaType", kManifestType);
  json.field("artifactType", kArtifactType).key("config");
  begin_blob(json, kConfigType, config).end_object().key("layers").begin_array();
  begin_blob(json, kLayerType, layer).end_object().end_array();
  write_annotations(json, facts);
  return json.end_object().take();
}

std::string write_image_list(const ImageFacts& facts, const std::vector<ListedImage>& images) {
  JsonWriter json;
  json.begin_object().field("schemaVersion", 2u).field("mediaType", kListType);
  json.field("artifactType", kArtifactType).key("manifests").begin_array();
  for (const ListedImage& image : images) {
    begin_blob(json, kManifestType, image.manifest).key("platform").begin_object();
    json.field("architecture", image.architecture).field("os", "linux").end_object().end_object();
  }
  json.end_array();
  write_annotations(json, facts);
  return json.end_object().take();
}

Result<std::optional<Blob>> first_of_image_list(std::string_view text) {
  simdjson::dom::parser parser;
  const auto root = read_object(parser, text);
  if (!root) return root.error();
  simdjson::dom::array images;
  const auto found = (*root)["manifests"].get(images);
  if (found == simdjson::NO_SUCH_FIELD) return std::optional<Blob>();
  if (found != simdjson::SUCCESS || images.size() == 0) return malformed("manifests: want a list of images");
  auto first = read_blob(images.at(0).value_unsafe(), "manifests[0]");
  if (!first) return first.error();
  return std::optional(std::move(*first));
}

Result<IndexLayer> read_image_manifest(std::string_view text) {
  simdjson::dom::parser parser;
  const auto root = read_object(parser, text);
  if (!root) return root.error();
  const std::string_view artifact = text_in(*root, "artifactType", kArtifactType);
  if (artifact != kArtifactType) {
    return Error{Errc::unsupported, "it is no index of advisories but " + visible(in_quotes(artifact))};
  }
  simdjson::dom::array layers;
  if ((*root)["layers"].get(layers) != simdjson::SUCCESS) return malformed("layers: want a list");
  if (layers.size() != 1) {
    return Error{Errc::unsupported,
                 "it has " + std::to_string(layers.size()) + " layers; an image of an index of advisories has one"};
  }
  return read_layer(layers.at(0).value_unsafe());
}

}  // namespace initscan
