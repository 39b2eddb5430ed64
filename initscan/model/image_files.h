#pragma once

#include "common/result.h"
#include "initscan/model/file_view.h"
#include "initscan/model/sbom.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initscan {

enum class FileKind : std::uint8_t { regular, folder, link, other };  // other: a device, a FIFO, a socket

struct FileAttributes {
  std::uint64_t size = 0;
  std::uint32_t mode = 0;  // permissions and set-id bits, as chmod(2) takes them
  std::uint32_t owner = 0;
  std::uint32_t group = 0;

  bool operator==(const FileAttributes&) const = default;
};

// One entry of an image while a visit shows it. What costs the source something is asked for.
class FileEntry {
 public:
  virtual ~FileEntry() = default;

  virtual std::string_view path() const = 0;
  virtual FileKind kind() const = 0;

  /// Of the entry itself, where it is a link. Errors (without the path): io.
  virtual Result<FileAttributes> attributes() const = 0;

  /// Which layer brought it, from 0; nullopt where the source has none.
  virtual std::optional<std::size_t> layer() const = 0;

  /// Errors (without the path): io; unsupported - not a regular file.
  virtual Result<std::unique_ptr<FileView>> open() const = 0;
};

using FileVisitor = std::function<void(const FileEntry&)>;

// An image, whatever it came from: source/ makes real ones, tests give their own. Paths are relative to the image's
// root, without a leading slash. What is asked for by its name is found through links, which end inside of the image.
class ImageFiles {
 public:
  virtual ~ImageFiles() = default;

  /// A regular file; nullptr where there is no such file.
  /// Errors (without the path): io - it is there and may not be read; unsupported - not a regular file;
  /// malformed - a loop of symbolic links, or one that leads nowhere.
  virtual Result<std::unique_ptr<FileView>> open(const std::string& path) const = 0;

  /// Whether anything of this name is there, a link followed; opens nothing. Errors: io, malformed - that cannot be
  /// found out.
  virtual Result<bool> exists(const std::string& path) const = 0;

  /// The sorted names in a folder, at most `max_names`; nullopt where there is no such folder. Errors: as open(), and
  /// over_limit.
  virtual Result<std::optional<std::vector<std::string>>> list(const std::string& path,
                                                               std::size_t max_names) const = 0;

  /// Shows every entry once, a folder before what is in it, and counts: neither links nor other mounts are entered.
  /// Without a visitor it only counts, which is cheaper.
  virtual Coverage visit(const FileVisitor& visitor) const = 0;

  /// "sha256:...", by which a registry knows the image; "" where the source does not.
  virtual std::string_view digest() const = 0;

  /// The image's configuration, JSON as OCI's image-spec has it; "" where the source has none.
  virtual std::string_view configuration() const = 0;

  /// The content of a regular file of at most `max_bytes` bytes; nullopt where there is no such file.
  /// Errors: as open(), and over_limit.
  Result<std::optional<std::string>> read(const std::string& path, std::size_t max_bytes) const {
    const auto file = open(path);
    if (!file) return file.error();
    if (*file == nullptr) return std::optional<std::string>();
    auto bytes = read_whole(**file, max_bytes);
    if (!bytes) return bytes.error();
    return std::optional(std::move(*bytes));
  }
};

}  // namespace initscan
