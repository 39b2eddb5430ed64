#include "initscan/advisory/index/index.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace initscan {
namespace {

Error failed(const char* what) {
  return {Errc::io, std::string(what) + ": " + std::strerror(errno)};
}

}  // namespace

void Unmap::operator()(char* mapping) const {
  munmap(mapping, bytes);
}

// A mapping of the file itself would end the process with SIGBUS where the file is cut off, and change what was
// checked where it is written over.
Result<IndexBytes> IndexBytes::of_file(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return failed("cannot open");
  struct stat status {};
  if (fstat(file.fd(), &status) != 0) return failed("cannot stat");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || size == 0) {
    return Error{Errc::malformed, "not an advisory index; make one with initscan db build"};
  }
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;  // pages come with what is fetched
  void* const mapping = mmap(nullptr, size, PROT_READ | PROT_WRITE, kFlags, -1, 0);
  if (mapping == MAP_FAILED) return failed("cannot get memory");
  IndexBytes bytes(std::string_view(static_cast<const char*>(mapping), size));
  bytes.memory_ = {static_cast<char*>(mapping), Unmap{size}};
  bytes.file_ = std::move(file);
  return bytes;
}

Result<void> IndexBytes::fetch(std::uint64_t offset, std::uint64_t bytes) const {
  if (!file_) return {};
  // All pages at once: by themselves each costs as much as its bytes. Where the kernel cannot, they come by themselves.
  const std::uint64_t before = offset % kBlockBytes;  // what is asked of the kernel begins with a page
  if (bytes > kBlockBytes) madvise(memory_.get() + offset - before, before + bytes, MADV_POPULATE_WRITE);
  for (std::uint64_t done = 0; done < bytes;) {
    const ssize_t n =
        pread(file_->fd(), memory_.get() + offset + done, bytes - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("cannot read");
    if (n == 0) return Error{Errc::malformed, "damaged: it ends too early; build or fetch the index again"};
    done += static_cast<std::uint64_t>(n);
  }
  return {};
}

}  // namespace initscan
