#pragma once

#include "common/descriptor.h"
#include "common/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace initscan::audit {

inline constexpr std::size_t kMaxInputFiles = 100'000;  // of all folders together
inline constexpr int kMaxFolderDepth = 16;
inline constexpr std::uint64_t kMaxSpoolBytes = 64ull << 30;  // of standard input

// A file that can be read more than once.
struct InputFile {
  std::string name;  // for people: as given, "standard input"
  std::string path;  // where `spool` is not set
  std::shared_ptr<Descriptor> spool;
};

/// The files that --from-file names: each as it is, folders with every .json, .jsonl, .ndjson, .yaml and .yml below
/// them (names that start with a dot, and links to folders, are left out), sorted. "-" is standard input. What can be
/// read only once, as a pipe, goes into an unnamed temporary file, because facts are needed before pods and may come
/// after them. Errors: io - by path; over_limit.
Result<std::vector<InputFile>> find_input_files(const std::vector<std::string>& arguments);

// The bytes of an input file, one piece after the other.
class InputReader {
 public:
  /// Errors (without the file's name), as of next(): io.
  static Result<InputReader> open(const InputFile& file);

  /// The next bytes; empty at the end. They hold until the next call.
  Result<std::string_view> next();

 private:
  explicit InputReader(std::shared_ptr<Descriptor> file);

  std::shared_ptr<Descriptor> file_;
  std::int64_t offset_ = 0;
  std::string chunk_;
};

}  // namespace initscan::audit
