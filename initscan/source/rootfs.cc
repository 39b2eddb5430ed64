#include "initscan/source/rootfs.h"

#include "initscan/source/directory_reader.h"
#include "initscan/source/open_file.h"
#include "initscan/source/open_in_root.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>

namespace initscan {
namespace {

bool is_missing(int error) {
  return error == ENOENT || error == ENOTDIR;
}

// Whether a link on the way to a path, or at its end, leads nowhere: then something was meant to be there.
bool is_behind_dead_link(int root, std::string path) {
  while (!open_in_root(root, path, O_PATH | O_NOFOLLOW).is_open()) {
    const std::size_t slash = path.rfind('/');
    if (slash == path.npos) return false;
    path.resize(slash);
  }
  return !open_in_root(root, path, O_PATH).is_open();
}

// What is at a path, looked at and not opened. Not open where there is nothing.
Result<Descriptor> look_at(int root, const std::string& path) {
  Descriptor place = open_in_root(root, path, O_PATH);
  if (!place.is_open() && !is_missing(errno)) return system_error("open", errno);
  if (!place.is_open() && is_behind_dead_link(root, path)) {
    return Error{Errc::malformed, "is behind a broken symbolic link"};
  }
  return place;
}

}  // namespace

Result<RootFs> RootFs::open_root(const std::string& path) {
  Descriptor root = open_below(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY, 0);
  if (root.is_open()) return RootFs(std::move(root), own_open_files());
  if (errno == ENOSYS) {
    return Error{Errc::unsupported,
                 path + ": this kernel lacks openat2, without which no image is read; want Linux 5.6 or later"};
  }
  return system_error("open", errno).within(path);
}

Result<std::unique_ptr<FileView>> RootFs::open(const std::string& path) const {
  const auto place = look_at(root_.fd(), path);
  if (!place) return place.error();
  if (!place->is_open()) return std::unique_ptr<FileView>();
  return open_file(own_files_.fd(), *place, [&](int flags) { return open_in_root(root_.fd(), path, flags); });
}

Result<bool> RootFs::exists(const std::string& path) const {
  const auto place = look_at(root_.fd(), path);
  if (!place) return place.error();
  return place->is_open();
}

Result<std::optional<std::vector<std::string>>> RootFs::list(const std::string& path, std::size_t max_names) const {
  const auto place = look_at(root_.fd(), path);
  if (!place) return place.error();
  if (!place->is_open()) return std::optional<std::vector<std::string>>();
  auto folder = open_folder(*place);
  if (!folder) return folder.error();

  std::vector<std::string> names;
  DirectoryReader reader(std::move(*folder));
  while (const auto entry = reader.next()) {
    if (names.size() == max_names) {
      return Error{Errc::over_limit, "more than " + std::to_string(max_names) + " entries"};
    }
    names.emplace_back(entry->name);
  }
  if (reader.error() != 0) return system_error("list", reader.error());
  std::sort(names.begin(), names.end());
  return std::optional(std::move(names));
}

}  // namespace initscan
