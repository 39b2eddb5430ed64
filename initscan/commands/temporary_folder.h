#pragma once

#include "common/result.h"

#include <string>
#include <utility>

namespace initscan {

// A folder where programs keep what nobody needs for long ($TMPDIR); removed with all that is in it.
class TemporaryFolder {
 public:
  /// Errors: io.
  static Result<TemporaryFolder> make(const std::string& name);

  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace initscan
