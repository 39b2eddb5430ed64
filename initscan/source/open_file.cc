#include "initscan/source/open_file.h"

#include "initscan/source/open_in_root.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace initscan {
namespace {

class OpenFile : public FileView {
 public:
  OpenFile(Descriptor file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

  std::uint64_t size() const override { return size_; }

  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    std::size_t used = 0;
    while (used < into.size()) {
      const ssize_t n = pread(file_.fd(), into.data() + used, into.size() - used, static_cast<off_t>(offset + used));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return system_error("read", errno);
      if (n == 0) break;
      used += static_cast<std::size_t>(n);
    }
    return used;
  }

 private:
  Descriptor file_;
  std::uint64_t size_;
};

// Its size, where it is of the wanted type.
Result<std::uint64_t> demand_type(int fd, mode_t want_type, const char* want_name) {
  struct stat status {};
  if (fstat(fd, &status) != 0) return system_error("stat", errno);
  if ((status.st_mode & S_IFMT) != want_type) return Error{Errc::unsupported, std::string("is not a ") + want_name};
  if (is_pseudo_file_system(fd)) return Error{Errc::unsupported, "is on a pseudo file system"};
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

Result<std::unique_ptr<FileView>> open_file(int own_files, const Descriptor& place, const OpenAgain& again) {
  if (auto is_file = demand_type(place.fd(), S_IFREG, "regular file"); !is_file) return is_file.error();
  Descriptor opened = own_files >= 0 ? reopen(own_files, place.fd()) : again(O_RDONLY);
  if (!opened.is_open()) return system_error("open", errno);
  const auto size = demand_type(opened.fd(), S_IFREG, "regular file");
  if (!size) return size.error();
  return std::make_unique<OpenFile>(std::move(opened), *size);
}

// The kernel opens nothing else than a folder here, so that nothing can be put in its place.
Result<Descriptor> open_folder(const Descriptor& place) {
  if (auto is_folder = demand_type(place.fd(), S_IFDIR, "folder"); !is_folder) return is_folder.error();
  Descriptor opened = open_below(place.fd(), ".", O_RDONLY | O_DIRECTORY, 0);
  if (!opened.is_open()) return system_error("open", errno);
  return opened;
}

}  // namespace initscan
