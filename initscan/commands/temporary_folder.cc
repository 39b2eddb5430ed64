#include "initscan/commands/temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace initscan {

Result<TemporaryFolder> TemporaryFolder::make(const std::string& name) {
  std::error_code error;
  std::string path = (std::filesystem::temp_directory_path(error) / (name + "-XXXXXX")).string();
  if (error || mkdtemp(path.data()) == nullptr) {
    return Error{Errc::io,
                 "no temporary folder can be made (TMPDIR): " + (error ? error.message() : std::strerror(errno))};
  }
  return TemporaryFolder(std::move(path));
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  if (!path_.empty()) std::filesystem::remove_all(path_, error);
}

}  // namespace initscan
