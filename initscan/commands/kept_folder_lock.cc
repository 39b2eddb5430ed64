#include "initscan/commands/kept_folder_lock.h"

#include "common/text/visible.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>

namespace initscan {

Result<Descriptor> lock_kept_folder(const std::string& folder, const char* who) {
  const std::string path = folder + "/lock";
  Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!file.is_open()) return Error{Errc::io, path + ": " + std::strerror(errno)};
  if (flock(file.fd(), LOCK_EX | LOCK_NB) == 0) return file;
  if (errno != EWOULDBLOCK) return Error{Errc::io, path + ": cannot be locked: " + std::strerror(errno)};
  std::fprintf(stderr, "initscan: another %s works in %s; waiting for it\n", who, visible(folder).c_str());
  while (flock(file.fd(), LOCK_EX) != 0) {
    if (errno != EINTR) return Error{Errc::io, path + ": cannot be locked: " + std::strerror(errno)};
  }
  return file;
}

}  // namespace initscan
