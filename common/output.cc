#include "common/output.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace initscan {
namespace {

Error system_error(std::string_view what) {
  return {Errc::io, std::string(what) + ": " + std::strerror(errno)};
}

// False if nothing was read within the time.
bool wait_for_room(int fd) {
  pollfd wanted{fd, POLLOUT, 0};
  return poll(&wanted, 1, kMaxOutputWait) != 0;
}

}  // namespace

Result<Descriptor> open_output(const std::string& path) {
  constexpr mode_t kMode = 0644;
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, kMode));
  if (file.is_open()) return file;
  if (errno == ENXIO) return Error{Errc::io, "cannot open for writing: nobody reads from it"};
  if (errno == EISDIR) return Error{Errc::io, "is a directory; want a file"};
  return system_error("cannot create");
}

Result<void> write_output(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!wait_for_room(fd)) return Error{Errc::io, "cannot write: whoever reads it takes nothing"};
    } else if (errno != EINTR) {
      return system_error("cannot write");
    }
  }
  return {};
}

}  // namespace initscan
