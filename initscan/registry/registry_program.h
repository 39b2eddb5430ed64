#pragma once

#include "common/result.h"
#include "initscan/fetch/fetch_line.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace initscan {

// Whom to ask, and as whom, of a registry. What asks is initscan-registry, which has the network and the credentials.
struct RegistryAccess {
  std::string program;     // initscan-registry
  std::string url;         // of the registry: "https://registry.example.com"
  std::string repository;  // "security/advisories"
  std::string auth_file;   // with credentials; "": nobody in particular
  std::string ca_file;     // whom to trust; "": the system's roots
};

/// Has "manifests/latest" or "blobs/sha256:..." brought into the new state of the file of that name in a folder of
/// kept files, of at most so many bytes. Errors: io; failed - in the program's words.
Result<void> bring(const RegistryAccess& access, const std::string& folder, const std::string& name,
                   const std::string& what, const std::string& accept, std::uint64_t most,
                   const std::function<void(const FetchLine&)>& progress);

inline constexpr const char* kSentImage = "image";  // by what name initscan-registry speaks of what it sends

// What an image is pushed as.
struct PushedImage {
  struct BlobFile {
    std::string digest;
    std::string path;
  };
  std::vector<BlobFile> blobs;
  std::vector<BlobFile> manifests;  // of the images of a list
  BlobFile manifest;                // that gets the tag
  std::string manifest_type;
  std::string tag;
};

/// Has an image sent, what gets the tag last. Errors: io; failed - in the program's words.
Result<void> send(const RegistryAccess& access, const PushedImage& image);

}  // namespace initscan
