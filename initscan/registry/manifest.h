#pragma once

#include "common/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

// An index of advisories in a registry is an image with one layer (layer.h), and by the same manifest an artifact.
// One serves both: `artifactType` and the annotations say what it is to whoever lists a registry, and nodes, which look
// at neither, find the configuration and the tar that they know how to unpack and mount. Media types of our own for
// these two would make it an artifact that no node can mount, and a second manifest for that would be a second digest:
// what was signed off would not be what is mounted. The tar is not packed: packers of other versions make other bytes,
// and the same index makes the same digest wherever it is pushed from.

inline constexpr std::size_t kMaxManifestBytes = 1 << 20;  // ours have 2 KB
inline constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kListType = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kConfigType = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view kArtifactType = "application/vnd.initscan.advisories.v1";

/// What a manifest may be, as a header of HTTP: also what podman and docker make of it when they copy it.
std::string accepted_manifests();

// A blob, as a registry knows it.
struct Blob {
  std::string digest;  // "sha256:" and 64 digits
  std::uint64_t bytes = 0;

  bool operator==(const Blob&) const = default;
};
Blob blob_of(std::string_view bytes);

struct ImageFacts {
  std::string architecture;                        // of the nodes that mount it, as Go spells it: "amd64"
  std::string created;                             // RFC 3339; "": not said
  std::map<std::string, std::string> annotations;  // others than that date
};

/// `layer` is not packed.
std::string write_image_config(const ImageFacts& facts, const Blob& layer);
std::string write_image_manifest(const ImageFacts& facts, const Blob& config, const Blob& layer);

// Nodes unpack an image of their own architecture alone, although an index is the same on all: where there are several,
// each has its image, and all of them have the one layer.
struct ListedImage {
  std::string architecture;
  Blob manifest;
};
std::string write_image_list(const ImageFacts& facts, const std::vector<ListedImage>& images);

/// The first of the images that a list names; nullopt: it is no list. Errors: malformed, over_limit.
Result<std::optional<Blob>> first_of_image_list(std::string_view text);

struct IndexLayer {
  Blob blob;
  bool is_packed = false;  // by gzip
};

/// The one layer that a manifest names. Nothing else in it counts: what the index is, it says itself.
/// Errors: malformed; unsupported - another artifact, a layer packed in another way; over_limit.
Result<IndexLayer> read_image_manifest(std::string_view text);

}  // namespace initscan
