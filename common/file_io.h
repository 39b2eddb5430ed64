#pragma once

#include "common/descriptor.h"
#include "common/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace initscan {

/// Reads a regular file, or standard input where `path` is "-", of at most `max_bytes` bytes.
/// Errors (without the path; the caller adds it with within()): not_found, refused, io, over_limit.
/// For files of our own user: configuration, SBOMs. Files of an image are read through source/.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

/// The bearer token that is alone in a file of at most 16 KiB, without the line breaks behind it. Errors: as of
/// read_file(), with the path; io - there is none in it.
Result<std::string> read_token(const std::string& path);

/// Writes `bytes` so that a reader sees the old file or the whole new one: a temporary file next to it, fsync, rename.
/// A symbolic link stays, and the file that it leads to is replaced. A device, a FIFO and an open file of /proc are
/// written to in their place, and never waited for. "-" writes to standard output. Errors (without the path):
/// not_found, refused, io.
Result<void> write_file(const std::string& path, std::string_view bytes);

// Both work piece by piece, for what is too large to be kept as a whole.

class FileReader {
 public:
  /// Errors (without the path): not_found, refused, io; of next(): io.
  static Result<FileReader> open(const std::string& path);

  FileReader(FileReader&& other) noexcept : fd_(std::exchange(other.fd_, -1)), piece_(std::move(other.piece_)) {}
  FileReader& operator=(FileReader&&) = delete;
  ~FileReader();

  /// The next bytes; empty at the end. They hold until the next call.
  Result<std::string_view> next();

 private:
  explicit FileReader(int fd) : fd_(fd) {}

  int fd_;  // standard input is borrowed
  std::string piece_;
};

// Writes as write_file() does. Without commit() no file was replaced.
class FileWriter {
 public:
  /// Errors (without the path), as of all below: not_found, refused, io.
  static Result<FileWriter> create(std::string path);

  FileWriter(FileWriter&& other) noexcept = default;
  FileWriter& operator=(FileWriter&&) = delete;
  ~FileWriter();

  /// After the first error, which commit() returns, the rest is dropped.
  void write(std::string_view bytes);

  /// Puts the file in its place.
  Result<void> commit();

 private:
  FileWriter(std::string path, std::string temporary, Descriptor file);
  void flush();

  std::string path_;
  std::string temporary_;  // "": written in its place
  Descriptor file_;        // closed: there is no temporary file any more
  std::string buffer_;
  std::optional<Error> failed_;
};

}  // namespace initscan
