#pragma once

#include "common/descriptor.h"
#include "common/result.h"
#include "initscan/model/image_files.h"
#include "initscan/model/sbom.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace initscan {

inline constexpr std::uint64_t kMaxEntries = 10'000'000;  // directory entries of one image
inline constexpr std::size_t kMaxDepth = 256;             // folders inside each other; each costs a descriptor

// An unpacked image below a folder. Every path is resolved with openat2(2) inside that folder: absolute
// links and `..` end at its root, magic links of /proc are refused. FIFOs, devices and sockets are never
// opened, even if someone puts one in a file's place meanwhile; files of pseudo file systems are never read.
// Needs Linux 5.6.
class RootFs : public ImageFiles {
 public:
  /// Errors: io - no such folder; unsupported - a kernel without openat2.
  static Result<RootFs> open_root(const std::string& path);

  Result<std::unique_ptr<FileView>> open(const std::string& path) const override;
  Result<bool> exists(const std::string& path) const override;
  Result<std::optional<std::vector<std::string>>> list(const std::string& path, std::size_t max_names) const override;
  Coverage visit(const FileVisitor& visitor) const override;
  std::string_view digest() const override { return {}; }
  std::string_view configuration() const override { return {}; }

 private:
  RootFs(Descriptor root, Descriptor own_files) : root_(std::move(root)), own_files_(std::move(own_files)) {}

  Descriptor root_;
  Descriptor own_files_;  // see own_open_files()
};

}  // namespace initscan
