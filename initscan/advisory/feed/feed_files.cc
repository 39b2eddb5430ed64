#include "initscan/advisory/feed/feed_files.h"

#include "common/file_io.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

namespace initscan {
namespace {

namespace fs = std::filesystem;

// Counts what a feed has given so far, against the limits for all of it.
class Budget {
 public:
  Result<void> take_file() {
    if (++files_ > kMaxFeedFiles)
      return Error{Errc::over_limit, "more than " + std::to_string(kMaxFeedFiles) + " files"};
    return {};
  }
  Result<void> take_bytes(std::size_t bytes) {
    bytes_ += bytes;
    if (bytes_ > kMaxFeedBytes) return Error{Errc::over_limit, "more than " + std::to_string(kMaxFeedBytes) + " bytes"};
    return {};
  }

 private:
  std::uint64_t files_ = 0;
  std::uint64_t bytes_ = 0;
};

using Wanted = std::function<bool(std::string_view)>;
using Visit = std::function<Result<void>(std::string_view)>;

Result<void> visit_folder(const std::string& path, const Wanted& wanted, const Visit& visit) {
  std::vector<std::string> names;
  std::error_code error;
  Budget budget;
  for (auto i = fs::recursive_directory_iterator(path, error); !error && i != fs::recursive_directory_iterator();
       i.increment(error)) {
    if (auto taken = budget.take_file(); !taken) return taken;
    std::string name = i->path().lexically_relative(path).string();
    if (i->symlink_status().type() == fs::file_type::regular && wanted(name)) names.push_back(std::move(name));
  }
  if (error) return Error{Errc::io, "cannot list: " + error.message()};

  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    auto bytes = read_file((std::filesystem::path(path) / name).string(), kMaxFeedFileBytes);
    if (!bytes) return std::move(bytes).error().within(name);
    if (auto taken = budget.take_bytes(bytes->size()); !taken) return taken;
    if (auto visited = visit(*bytes); !visited) return std::move(visited).error().within(name);
  }
  return {};
}

Result<std::string> read_entry(archive* reader, Budget& budget) {
  std::string bytes;
  for (;;) {
    constexpr std::size_t kStep = 256 << 10;
    const std::size_t used = bytes.size();
    bytes.resize(used + kStep);
    const la_ssize_t n = archive_read_data(reader, bytes.data() + used, kStep);
    bytes.resize(used + (n > 0 ? static_cast<std::size_t>(n) : 0));
    if (n == 0) return bytes;
    if (n < 0) {
      const char* const reason = archive_error_string(reader);
      return Error{Errc::malformed, std::string("cannot unpack: ") + (reason != nullptr ? reason : "damaged")};
    }
    if (bytes.size() > kMaxFeedFileBytes) {
      return Error{Errc::over_limit, "larger than the limit of " + std::to_string(kMaxFeedFileBytes) + " bytes"};
    }
    if (auto taken = budget.take_bytes(static_cast<std::size_t>(n)); !taken) return taken.error();
  }
}

// A tar ends with blocks of zeros (POSIX pax, "ustar Interchange Format"). libarchive does without them, and so does
// not notice which files were cut off; a compressed one ends with its compression's own mark.
Result<void> check_end_of_tar(archive* reader, const std::string& path) {
  const bool is_plain_tar = (archive_format(reader) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR &&
                            archive_filter_code(reader, 0) == ARCHIVE_FILTER_NONE;
  if (!is_plain_tar) return {};
  std::array<char, 1024> end{};
  std::ifstream file(path, std::ios::binary);
  file.seekg(-static_cast<std::streamoff>(end.size()), std::ios::end);
  file.read(end.data(), static_cast<std::streamsize>(end.size()));
  const bool is_whole = file && std::all_of(end.begin(), end.end(), [](char c) { return c == 0; });
  if (!is_whole) return Error{Errc::truncated, "damaged archive: its end is missing"};
  return {};
}

// What was named is the file itself, whatever it is called.
Result<void> visit_single(const Result<std::string>& bytes, const Visit& visit) {
  constexpr std::string_view kZip = "PK\3\4";  // its list of files is missing, or it would be read as one
  if (!bytes) return bytes.error();
  if (bytes->starts_with(kZip)) return Error{Errc::truncated, "damaged archive: its end is missing"};
  return visit(*bytes);
}

Result<void> visit_archive(const std::string& path, const Wanted& wanted, const Visit& visit) {
  const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), archive_read_free);
  archive_read_support_format_tar(reader.get());
  // Not the way to read a zip as a stream: that does without the list of files at its end, and so does not notice which
  // were cut off.
  archive_read_support_format_zip_seekable(reader.get());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_format_raw(reader.get());  // what is none of these: one file, packed or not
  const auto failed = [&](const char* what) {
    const char* const reason = archive_error_string(reader.get());
    return Error{Errc::malformed, std::string(what) + ": " + (reason != nullptr ? reason : "no reason given")};
  };

  constexpr std::size_t kBlockBytes = 64 << 10;
  if (archive_read_open_filename(reader.get(), path.c_str(), kBlockBytes) != ARCHIVE_OK) {
    return failed("want a folder, an archive or a file");
  }
  Budget budget;
  for (;;) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) return check_end_of_tar(reader.get(), path);
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return failed("damaged archive");
    if (auto taken = budget.take_file(); !taken) return taken;
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const char* const name = archive_entry_pathname(entry);
    if (name == nullptr) {  // a zip's name beyond ASCII, in the locale "C": whether it is wanted cannot be known
      return Error{Errc::unsupported,
                   "a file name that this locale cannot represent; give the feed as a folder or a tar"};
    }
    if (archive_format(reader.get()) == ARCHIVE_FORMAT_RAW)
      return visit_single(read_entry(reader.get(), budget), visit);
    const std::string place(name);
    if (!wanted(place)) continue;
    auto bytes = read_entry(reader.get(), budget);
    if (!bytes) return std::move(bytes).error().within(place);
    if (auto visited = visit(*bytes); !visited) return std::move(visited).error().within(place);
  }
}

}  // namespace

Result<void> for_each_feed_file(const std::string& path, const Wanted& wanted, const Visit& visit) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status))
    return Error{Errc::io, path + ": " + (error ? error.message() : "No such file or directory")};
  auto done = fs::is_directory(status) ? visit_folder(path, wanted, visit) : visit_archive(path, wanted, visit);
  if (!done) return std::move(done).error().within(path);
  return done;
}

}  // namespace initscan
