#include "common/file_io.h"

#include "common/output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace initscan {
namespace {

constexpr std::size_t kMaxTokenBytes = 16 << 10;

constexpr std::size_t kPieceBytes = 64 << 10;  // that are read or written at once

Errc code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return Errc::not_found;
    case EACCES:
    case EPERM: return Errc::refused;
    default: return Errc::io;
  }
}

Error system_error(std::string_view what) {
  return {code_of(errno), std::string(what) + ": " + std::strerror(errno)};
}

// Where a file that is written to `path` must go.
struct Destination {
  std::string path;          // with links resolved, where it is replaced
  bool is_replaced = false;  // otherwise it is written to in its place
};

bool is_in_proc(const std::string& path) {
  struct statfs mount {};
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return statfs(folder.empty() ? "." : folder.c_str(), &mount) == 0 && mount.f_type == PROC_SUPER_MAGIC;
}

// Links are followed by hand, so that the file they lead to is replaced and they stay. A link of /proc (/dev/stdout
// leads to one) names an open file and no place.
Result<Destination> end_of_links(std::string path) {
  constexpr int kMaxLinks = 40;  // as the kernel's
  for (int links = 0; links < kMaxLinks; ++links) {
    std::error_code ec;
    const std::filesystem::path target = std::filesystem::read_symlink(path, ec);
    if (ec) return Destination{std::move(path), true};
    if (is_in_proc(path)) return Destination{std::move(path), false};
    path = (std::filesystem::path(path).parent_path() / target).string();
  }
  errno = ELOOP;
  return system_error("cannot open");
}

Result<Destination> destination_of(std::string path) {
  struct stat status {};
  const bool exists = stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return Error{Errc::io, "is a directory; want a file"};
  if (exists && !S_ISREG(status.st_mode)) return Destination{std::move(path), false};
  return end_of_links(std::move(path));
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
  // A FIFO may never say anything, and a device never end.
  if (path != "-" && !S_ISREG(status.st_mode)) {
    return Error{Errc::io, "is not a regular file; want one, or - for standard input where that is accepted"};
  }
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
  if (path == "-") return write_output(STDOUT_FILENO, bytes);

  auto file = FileWriter::create(path);
  if (!file) return file.error();
  file->write(bytes);
  return file->commit();
}

FileWriter::FileWriter(std::string path, std::string temporary, Descriptor file)
    : path_(std::move(path)), temporary_(std::move(temporary)), file_(std::move(file)) {}

FileWriter::~FileWriter() {
  if (file_.is_open() && !temporary_.empty()) unlink(temporary_.c_str());
}

Result<FileWriter> FileWriter::create(std::string path) {
  auto destination = destination_of(std::move(path));
  if (!destination) return destination.error();
  if (!destination->is_replaced) {
    auto file = open_output(destination->path);
    if (!file) return file.error();
    return FileWriter(std::move(destination->path), {}, std::move(*file));
  }
  std::string temporary = destination->path + ".tmp" + std::to_string(getpid());
  Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file.is_open()) return system_error("cannot create");
  return FileWriter(std::move(destination->path), std::move(temporary), std::move(file));
}

void FileWriter::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kPieceBytes) flush();
}

void FileWriter::flush() {
  if (!failed_) {
    if (auto written = write_output(file_.fd(), buffer_); !written) failed_ = written.error();
  }
  buffer_.clear();
}

Result<void> FileWriter::commit() {
  flush();
  Result<void> done;
  if (failed_) done = *failed_;
  if (!temporary_.empty()) {
    if (done && fsync(file_.fd()) != 0) done = system_error("cannot sync");
    if (done && std::rename(temporary_.c_str(), path_.c_str()) != 0) done = system_error("cannot rename into place");
    if (!done) unlink(temporary_.c_str());
  }
  file_ = Descriptor();
  return done;
}

Result<std::string> read_token(const std::string& path) {
  auto text = read_file(path, kMaxTokenBytes);
  if (!text) return std::move(text).error().within(path);
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  if (text->empty()) return Error{Errc::io, path + ": there is no token in it"};
  return text;
}

}  // namespace initscan
