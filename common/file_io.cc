#include "common/file_io.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace initscan {
namespace {

Error system_error(std::string_view what) {
  return {Errc::io, std::string(what) + ": " + std::strerror(errno)};
}

// Owns a descriptor; 0 to 2 are borrowed.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ > STDERR_FILENO) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int fd() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_;
};

Result<void> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("cannot write");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const bool standard_input = path == "-";
  const Descriptor file(standard_input ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return system_error("cannot open");

  struct stat status {};
  if (fstat(file.fd(), &status) != 0) return system_error("cannot stat");
  if (S_ISDIR(status.st_mode)) return Error{Errc::io, "is a directory; want a file"};

  std::string bytes;
  for (;;) {
    constexpr std::size_t kStep = 1 << 16;
    const std::size_t used = bytes.size();
    bytes.resize(used + kStep);
    const ssize_t n = read(file.fd(), bytes.data() + used, kStep);
    if (n < 0 && errno != EINTR) return system_error("cannot read");
    bytes.resize(used + static_cast<std::size_t>(n < 0 ? 0 : n));
    if (n == 0) return bytes;
    if (bytes.size() > max_bytes) {
      return Error{Errc::over_limit, "larger than the limit of " + std::to_string(max_bytes) + " bytes"};
    }
  }
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  if (path == "-") return write_all(STDOUT_FILENO, bytes);

  const std::string temporary = path + ".tmp" + std::to_string(getpid());
  const Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file.is_open()) return system_error("cannot create");
  auto written = write_all(file.fd(), bytes);
  if (written && fsync(file.fd()) != 0) written = system_error("cannot sync");
  if (written && std::rename(temporary.c_str(), path.c_str()) != 0) written = system_error("cannot rename into place");
  if (!written) unlink(temporary.c_str());
  return written;
}

}  // namespace initscan
