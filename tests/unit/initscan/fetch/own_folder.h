#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace initscan {

// A folder of a test's own: many tests run at once. It goes with the object.
class OwnFolder {
 public:
  OwnFolder() : path_(testing::TempDir() + "fetch_XXXXXX") { EXPECT_NE(mkdtemp(path_.data()), nullptr); }
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;
  ~OwnFolder() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace initscan
