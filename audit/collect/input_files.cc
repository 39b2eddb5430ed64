#include "audit/collect/input_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace initscan::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunkBytes = 256 << 10;
constexpr std::array<std::string_view, 5> kExtensions{".json", ".jsonl", ".ndjson", ".yaml", ".yml"};

Error system_error(const std::string& path, const char* what) {
  return {Errc::io, path + ": " + what + ": " + std::strerror(errno)};
}

// An open file without a name: gone with the process, whatever ends it.
Result<Descriptor> make_spool(std::string& path) {
  const char* const folder = std::getenv("TMPDIR");
  path = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/initscan-audit.XXXXXX";
  Descriptor spool(mkostemp(path.data(), O_CLOEXEC));
  if (!spool.is_open())
    return system_error(path, "cannot store input that can be read only once (is TMPDIR writable?)");
  unlink(path.c_str());
  return spool;
}

Result<std::shared_ptr<Descriptor>> spooled(int from, const std::string& name) {
  std::string path;
  auto spool = make_spool(path);
  if (!spool) return spool.error();
  std::string chunk(kChunkBytes, '\0');
  std::uint64_t total = 0;
  for (;;) {
    const ssize_t got = read(from, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(name, "cannot read");
    if (got == 0) return std::make_shared<Descriptor>(std::move(*spool));
    total += static_cast<std::uint64_t>(got);
    if (total > kMaxSpoolBytes) {
      return Error{Errc::over_limit, name + ": larger than the limit of " + std::to_string(kMaxSpoolBytes) + " bytes"};
    }
    for (ssize_t at = 0; at < got;) {
      const ssize_t put = write(spool->fd(), chunk.data() + at, static_cast<std::size_t>(got - at));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return system_error(path, "cannot write (TMPDIR names another folder)");
      at += put;
    }
  }
}

bool is_object_file(const fs::path& path) {
  const std::string extension = path.extension().string();
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

Result<void> add_folder(const fs::path& folder, int depth, std::vector<InputFile>& files) {
  if (depth > kMaxFolderDepth) return Error{Errc::over_limit, folder.string() + ": folders are nested too deeply"};
  std::error_code ec;
  std::vector<fs::path> names;
  for (fs::directory_iterator at(folder, ec), end; !ec && at != end; at.increment(ec)) {
    if (names.size() == kMaxInputFiles) return Error{Errc::over_limit, folder.string() + ": too many files"};
    if (!at->path().filename().string().starts_with('.')) names.push_back(at->path());
  }
  if (ec) return Error{Errc::io, folder.string() + ": cannot read: " + ec.message()};
  std::sort(names.begin(), names.end());
  for (const fs::path& path : names) {
    if (fs::is_directory(fs::symlink_status(path, ec))) {
      if (auto added = add_folder(path, depth + 1, files); !added) return added;
    } else if (is_object_file(path) && fs::is_regular_file(fs::status(path, ec))) {
      if (files.size() == kMaxInputFiles) return Error{Errc::over_limit, folder.string() + ": too many files"};
      files.push_back({path.string(), path.string(), nullptr});
    }
  }
  return {};
}

Result<void> add_argument(const std::string& argument, std::vector<InputFile>& files) {
  const bool is_standard_input = argument == "-";
  const std::string name = is_standard_input ? "standard input" : argument;
  Descriptor opened(is_standard_input ? dup(STDIN_FILENO) : open(argument.c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened.is_open()) return system_error(name, "cannot open");
  struct stat status {};
  if (fstat(opened.fd(), &status) != 0) return system_error(name, "cannot stat");
  if (S_ISDIR(status.st_mode)) {
    const std::size_t before = files.size();
    if (auto added = add_folder(argument, 0, files); !added) return added;
    if (files.size() == before) return Error{Errc::io, name + ": holds no .json, .jsonl, .ndjson, .yaml or .yml"};
    return {};
  }
  if (S_ISREG(status.st_mode)) {
    auto keep = is_standard_input ? std::make_shared<Descriptor>(std::move(opened)) : nullptr;
    files.push_back({name, argument, std::move(keep)});
    return {};
  }
  auto spool = spooled(opened.fd(), name);
  if (!spool) return spool.error();
  files.push_back({name, argument, std::move(*spool)});
  return {};
}

}  // namespace

Result<std::vector<InputFile>> find_input_files(const std::vector<std::string>& arguments) {
  std::vector<InputFile> files;
  for (const std::string& argument : arguments) {
    if (auto added = add_argument(argument, files); !added) return added.error();
  }
  return files;
}

InputReader::InputReader(std::shared_ptr<Descriptor> file) : file_(std::move(file)), chunk_(kChunkBytes, '\0') {}

Result<InputReader> InputReader::open(const InputFile& file) {
  if (file.spool) return InputReader(file.spool);
  auto opened = std::make_shared<Descriptor>(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!opened->is_open()) return Error{Errc::io, std::string("cannot open: ") + std::strerror(errno)};
  return InputReader(std::move(opened));
}

Result<std::string_view> InputReader::next() {
  for (;;) {
    const ssize_t got = pread(file_->fd(), chunk_.data(), chunk_.size(), offset_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{Errc::io, std::string("cannot read: ") + std::strerror(errno)};
    offset_ += got;
    return std::string_view(chunk_).substr(0, static_cast<std::size_t>(got));
  }
}

}  // namespace initscan::audit
