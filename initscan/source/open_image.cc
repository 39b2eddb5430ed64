#include "initscan/source/open_image.h"

#include "initscan/source/rootfs.h"

#include <string_view>

namespace initscan {
namespace {

constexpr std::string_view kRootfs = "rootfs:";

Result<std::string> folder_of(const std::string& reference) {
  if (reference.starts_with(kRootfs)) return reference.substr(kRootfs.size());
  return Error{Errc::unsupported, '"' + reference + "\" is no image that can be read; want rootfs:DIR"};
}

}  // namespace

std::string rootfs_reference(const std::string& folder) {
  return std::string(kRootfs) + folder;
}

Result<std::unique_ptr<ImageFiles>> open_image(const std::string& reference) {
  const auto folder = folder_of(reference);
  if (!folder) return folder.error();
  auto root = RootFs::open_root(*folder);
  if (!root) return root.error();
  return std::make_unique<RootFs>(std::move(*root));
}

Result<std::vector<std::string>> paths_of_image(const std::string& reference) {
  auto folder = folder_of(reference);
  if (!folder) return folder.error();
  return std::vector{std::move(*folder)};
}

}  // namespace initscan
