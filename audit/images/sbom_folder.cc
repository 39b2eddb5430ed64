#include "audit/images/sbom_folder.h"

#include "common/file_io.h"
#include "initscan/sbom/cyclonedx_reader.h"

#include <filesystem>

namespace initscan::audit {
namespace {

namespace fs = std::filesystem;

std::string path_of(const std::string& folder, std::string_view digest) {
  const std::string_view hex = digest.substr(digest.find(':') + 1);
  std::string path;
  for (const char* const name : {"/sha256-", "/sha256:"}) {
    path = folder + name + std::string(hex) + ".json";
    std::error_code ec;
    if (fs::exists(path, ec) || ec) return path;  // what cannot be looked at is not absent
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<SbomSource>> SbomFolder::open(const std::string& folder) {
  std::error_code ec;
  const fs::directory_iterator readable(folder, ec);
  if (ec) return Error{Errc::io, folder + ": cannot read: " + ec.message()};
  return std::unique_ptr<SbomSource>(new SbomFolder(folder));
}

Result<std::optional<SbomSource::Document>> SbomFolder::sbom(std::string_view digest) {
  const std::string path = path_of(folder_, digest);
  if (path.empty()) return std::optional<Document>();
  auto text = read_file(path, kMaxSbomBytes);
  if (!text) return std::move(text).error().within(path);
  return std::optional(Document{std::move(*text), path});
}

}  // namespace initscan::audit
