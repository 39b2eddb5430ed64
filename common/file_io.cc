#include "common/file_io.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace initscan {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;  // that are read or written at once

Error system_error(std::string_view what) {
  return {Errc::io, std::string(what) + ": " + std::strerror(errno)};
}

Result<void> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("cannot write");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

FileReader::~FileReader() {
  if (fd_ > STDERR_FILENO) close(fd_);
}

Result<FileReader> FileReader::open(const std::string& path) {
  FileReader reader(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (reader.fd_ < 0) return system_error("cannot open");
  struct stat status {};
  if (fstat(reader.fd_, &status) != 0) return system_error("cannot stat");
  if (S_ISDIR(status.st_mode)) return Error{Errc::io, "is a directory; want a file"};
  return reader;
}

Result<std::string_view> FileReader::next() {
  piece_.resize(kPieceBytes);
  ssize_t n = 0;
  do { n = read(fd_, piece_.data(), piece_.size()); } while (n < 0 && errno == EINTR);
  if (n < 0) return system_error("cannot read");
  return std::string_view(piece_).substr(0, static_cast<std::size_t>(n));
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  auto reader = FileReader::open(path);
  if (!reader) return reader.error();
  std::string bytes;
  for (;;) {
    const auto piece = reader->next();
    if (!piece) return piece.error();
    if (piece->empty()) return bytes;
    bytes += *piece;
    if (bytes.size() > max_bytes) {
      return Error{Errc::over_limit, "larger than the limit of " + std::to_string(max_bytes) + " bytes"};
    }
  }
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  if (path == "-") return write_all(STDOUT_FILENO, bytes);

  auto file = FileWriter::create(path);
  if (!file) return file.error();
  file->write(bytes);
  return file->commit();
}

FileWriter::FileWriter(std::string path, std::string temporary, Descriptor file)
    : path_(std::move(path)), temporary_(std::move(temporary)), file_(std::move(file)) {}

FileWriter::~FileWriter() {
  if (file_.is_open()) unlink(temporary_.c_str());
}

Result<FileWriter> FileWriter::create(std::string path) {
  std::string temporary = path + ".tmp" + std::to_string(getpid());
  Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file.is_open()) return system_error("cannot create");
  return FileWriter(std::move(path), std::move(temporary), std::move(file));
}

void FileWriter::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kPieceBytes) flush();
}

void FileWriter::flush() {
  if (!failed_) {
    if (auto written = write_all(file_.fd(), buffer_); !written) failed_ = written.error();
  }
  buffer_.clear();
}

Result<void> FileWriter::commit() {
  flush();
  Result<void> done;
  if (failed_) done = *failed_;
  if (done && fsync(file_.fd()) != 0) done = system_error("cannot sync");
  if (done && std::rename(temporary_.c_str(), path_.c_str()) != 0) done = system_error("cannot rename into place");
  if (!done) unlink(temporary_.c_str());
  file_ = Descriptor();
  return done;
}

}  // namespace initscan
