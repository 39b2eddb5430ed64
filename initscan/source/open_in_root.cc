#include "initscan/source/open_in_root.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace initscan {

Descriptor open_below(int folder, const char* path, int flags, std::uint64_t resolve) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  // openat2 refuses what open(2) ignores: O_PATH goes with few other flags.
  if ((flags & O_PATH) == 0) how.flags |= O_NONBLOCK | O_NOCTTY;
  how.resolve = resolve;
  // The kernel answers EAGAIN where a rename elsewhere made it unsure of "..": a bounded number of times.
  for (int attempt = 0; attempt < 16; ++attempt) {
    const long fd = syscall(SYS_openat2, folder, path, &how, sizeof how);
    if (fd >= 0) return Descriptor(static_cast<int>(fd));
    if (errno != EAGAIN && errno != EINTR) break;
  }
  return Descriptor();
}

Descriptor open_in_root(int root, const std::string& path, int flags) {
  return open_below(root, path.empty() ? "." : path.c_str(), flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

Descriptor own_open_files() {
  Descriptor folder = open_below(AT_FDCWD, "/proc/self/fd", O_PATH | O_DIRECTORY, 0);
  struct statfs mount {};
  // An image may have a folder of this name of its own.
  if (!folder.is_open() || fstatfs(folder.fd(), &mount) != 0 || mount.f_type != PROC_SUPER_MAGIC) return Descriptor();
  return folder;
}

Descriptor reopen(int own_files, int place) {
  return open_below(own_files, std::to_string(place).c_str(), O_RDONLY, 0);
}

bool is_pseudo_file_system(int fd) {
  constexpr long kMqueue = 0x19800202;
  constexpr std::array<long, 10> kPseudo{PROC_SUPER_MAGIC,   SYSFS_MAGIC,   CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
                                         DEVPTS_SUPER_MAGIC, DEBUGFS_MAGIC, TRACEFS_MAGIC,      BPF_FS_MAGIC,
                                         SECURITYFS_MAGIC,   kMqueue};
  struct statfs mount {};
  return fstatfs(fd, &mount) == 0 && std::find(kPseudo.begin(), kPseudo.end(), mount.f_type) != kPseudo.end();
}

Error system_error(std::string_view what, int error) {
  return {error == ELOOP ? Errc::malformed : Errc::io, "cannot " + std::string(what) + ": " + std::strerror(error)};
}

}  // namespace initscan
