#include "initscan/commands/own_folder.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace initscan {

Result<std::string> own_folder() {
  std::array<char, 4096> path{};
  const ssize_t n = readlink("/proc/self/exe", path.data(), path.size());
  if (n <= 0) return Error{Errc::io, std::string("/proc/self/exe: ") + std::strerror(errno)};
  const std::string whole(path.data(), static_cast<std::size_t>(n));
  return whole.substr(0, whole.rfind('/'));
}

}  // namespace initscan
