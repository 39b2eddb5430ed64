#include "initscan/source/rootfs.h"

#include "initscan/source/directory_reader.h"
#include "initscan/source/open_in_root.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

// What is at a path, looked at and not opened: opening a device can do something, and opening a FIFO tells its other
// end. Not open where there is nothing.
Result<Descriptor> look_at(int root, const std::string& path) {
  Descriptor place = open_in_root(root, path, O_PATH);
  if (!place.is_open() && !is_missing(errno)) return system_error("open", errno);
  if (!place.is_open() && is_behind_dead_link(root, path)) {
    return Error{Errc::malformed, "is behind a symbolic link that leads nowhere"};
  }
  return place;
}

Result<void> demand_type(int fd, mode_t want_type, const char* want_name) {
  struct stat status {};
  if (fstat(fd, &status) != 0) return system_error("stat", errno);
  if ((status.st_mode & S_IFMT) != want_type) return Error{Errc::unsupported, std::string("is not a ") + want_name};
  if (is_pseudo_file_system(fd)) return Error{Errc::unsupported, "is on a pseudo file system"};
  return {};
}

// An open descriptor of the file at `path`; not open where there is nothing. What is opened is what was looked at.
// Without a /proc of the kernel's own (a bare chroot) it is opened by its path and looked at once more.
Result<Descriptor> open_file(int root, int own_files, const std::string& path) {
  auto place = look_at(root, path);
  if (!place || !place->is_open()) return place;
  if (auto is_file = demand_type(place->fd(), S_IFREG, "regular file"); !is_file) return is_file.error();
  Descriptor opened = own_files >= 0 ? reopen(own_files, place->fd()) : open_in_root(root, path, O_RDONLY);
  if (!opened.is_open()) return system_error("open", errno);
  if (auto is_file = demand_type(opened.fd(), S_IFREG, "regular file"); !is_file) return is_file.error();
  return opened;
}

// The kernel opens nothing else than a folder here, so that nothing can be put in its place.
Result<Descriptor> open_folder(int root, const std::string& path) {
  auto place = look_at(root, path);
  if (!place || !place->is_open()) return place;
  if (auto is_folder = demand_type(place->fd(), S_IFDIR, "folder"); !is_folder) return is_folder.error();
  Descriptor opened = open_below(place->fd(), ".", O_RDONLY | O_DIRECTORY, 0);
  if (!opened.is_open()) return system_error("open", errno);
  return opened;
}

Error too_large(std::size_t max_bytes) {
  return {Errc::over_limit, "larger than the limit of " + std::to_string(max_bytes) + " bytes"};
}

}  // namespace

Result<RootFs> RootFs::open(const std::string& path) {
  Descriptor root = open_below(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY, 0);
  if (root.is_open()) return RootFs(std::move(root), own_open_files());
  if (errno == ENOSYS) {
    return Error{Errc::unsupported, path +
                                        ": this kernel has no openat2, without which an image is not read; want "
                                        "Linux 5.6 or later"};
  }
  return system_error("open", errno).within(path);
}

Result<std::optional<std::string>> RootFs::read(const std::string& path, std::size_t max_bytes) const {
  auto file = open_file(root_.fd(), own_files_.fd(), path);
  if (!file) return file.error();
  if (!file->is_open()) return std::optional<std::string>();

  struct stat status {};
  if (fstat(file->fd(), &status) != 0) return system_error("stat", errno);
  if (static_cast<std::uint64_t>(status.st_size) > max_bytes) return too_large(max_bytes);

  // One byte more than the file has: its end shows without a second round.
  std::string bytes(static_cast<std::size_t>(status.st_size) + 1, '\0');
  std::size_t used = 0;
  for (;;) {
    const ssize_t n = ::read(file->fd(), bytes.data() + used, bytes.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("read", errno);
    used += static_cast<std::size_t>(n);
    if (n == 0) break;
    if (used > max_bytes) return too_large(max_bytes);
    if (used == bytes.size()) bytes.resize(std::min(2 * bytes.size(), max_bytes + 1));
  }
  bytes.resize(used);
  return std::optional(std::move(bytes));
}

Result<bool> RootFs::exists(const std::string& path) const {
  const auto place = look_at(root_.fd(), path);
  if (!place) return place.error();
  return place->is_open();
}

Result<std::optional<std::vector<std::string>>> RootFs::list(const std::string& path, std::size_t max_names) const {
  auto folder = open_folder(root_.fd(), path);
  if (!folder) return folder.error();
  if (!folder->is_open()) return std::optional<std::vector<std::string>>();

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
