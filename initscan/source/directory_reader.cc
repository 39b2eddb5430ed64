#include "initscan/source/directory_reader.h"

#include <cerrno>
#include <cstring>

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace initscan {

std::optional<DirectoryReader::Entry> DirectoryReader::next() {
  if (buffer_ == nullptr) buffer_.reset(new char[kBufferBytes]);
  for (;;) {
    if (next_ == filled_) {
      const long n = syscall(SYS_getdents64, folder_.fd(), buffer_.get(), kBufferBytes);
      if (n < 0) error_ = errno;
      if (n <= 0) return std::nullopt;
      filled_ = static_cast<std::size_t>(n);
      next_ = 0;
    }
    const char* record = buffer_.get() + next_;  // struct linux_dirent64, which dirent64 mirrors
    unsigned short length = 0;
    std::memcpy(&length, record + offsetof(dirent64, d_reclen), sizeof length);
    next_ += length;
    const char* name = record + offsetof(dirent64, d_name);
    if (std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0) continue;
    return Entry{name, static_cast<unsigned char>(record[offsetof(dirent64, d_type)])};
  }
}

}  // namespace initscan
