#include "common/http/upload.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace initscan {
namespace {

Error system_error(const char* what) {
  return {Errc::io, std::string(what) + ": " + std::strerror(errno)};
}

}  // namespace

Result<Upload> Upload::open(std::string_view bytes, const std::string& file) {
  Upload upload;
  upload.bytes_ = bytes;
  upload.size_ = bytes.size();
  if (file.empty()) return upload;
  upload.file_ = Descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!upload.file_.is_open()) return system_error("cannot open");
  struct stat status {};
  if (fstat(upload.file_.fd(), &status) != 0) return system_error("cannot stat");
  if (!S_ISREG(status.st_mode)) return Error{Errc::io, "is no regular file; want one to send"};
  upload.size_ = static_cast<std::uint64_t>(status.st_size);
  return upload;
}

Result<std::size_t> Upload::read(char* to, std::size_t room) {
  const std::uint64_t left = size_ - std::min(offset_, size_);
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, room));
  if (wanted == 0) return std::size_t{0};
  std::size_t count = wanted;
  if (file_.is_open()) {
    const ssize_t got = pread(file_.fd(), to, wanted, static_cast<off_t>(offset_));
    if (got < 0) return system_error("cannot read");
    if (got == 0) return Error{Errc::io, "has become shorter while it was sent"};
    count = static_cast<std::size_t>(got);
  } else {
    std::memcpy(to, bytes_.data() + offset_, wanted);
  }
  offset_ += count;
  return count;
}

}  // namespace initscan
