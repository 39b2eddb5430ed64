#include "initscan/fetch/kept_file.h"

#include "common/descriptor.h"
#include "common/file_io.h"
#include "common/text/ascii.h"
#include "common/text/lines.h"
#include "common/text/whole_number.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace initscan {
namespace {

constexpr std::size_t kMaxNoteBytes = 16 << 10;
constexpr std::string_view kNoteMark = "initscan-origin 1";

std::string note_of(const std::string& path) {
  return path + ".origin";
}

std::optional<std::uint64_t> size_of(const std::string& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(found.st_size);
}

// A text in a line of its own.
std::string line_of(const std::string& text) {
  const bool fits = text.size() <= kMaxOriginText && text.find_first_of("\r\n") == text.npos;
  return (fits ? text : std::string()) + '\n';
}

Result<void> write_note(const std::string& path, const Origin& origin) {
  std::string note = std::string(kNoteMark) + '\n' + line_of(origin.url) + line_of(origin.etag) +
                     line_of(origin.last_modified) + std::to_string(origin.bytes) + '\n';
  if (auto written = write_file(note_of(path), note); !written) {
    return std::move(written).error().within(note_of(path));
  }
  return {};
}

std::optional<Origin> read_note(const std::string& path) {
  const auto note = read_file(note_of(path), kMaxNoteBytes);
  if (!note) return std::nullopt;
  std::string_view rest = *note;
  if (take_line(rest) != kNoteMark) return std::nullopt;
  Origin origin;
  for (std::string* const text : {&origin.url, &origin.etag, &origin.last_modified}) *text = take_line(rest);
  const auto bytes = whole_number<std::uint64_t>(take_line(rest));
  if (!bytes || !rest.empty()) return std::nullopt;
  origin.bytes = *bytes;
  return origin;
}

void remove_with_note(const std::string& path) {
  unlink(note_of(path).c_str());
  unlink(path.c_str());
}

Error failed(const std::string& path, const char* what) {
  return {errno == EACCES || errno == EPERM ? Errc::refused : Errc::io,
          path + ": " + what + ": " + std::strerror(errno)};
}

Result<void> move(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return failed(to, "cannot be replaced");
  return {};
}

// What a note says of a file has to be on the disk before the note.
Result<void> sync(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open() || fsync(file.fd()) != 0) return failed(path, "cannot be written");
  return {};
}

}  // namespace

Result<void> make_kept_folder(const std::string& path) {
  for (const char* const inside : {"new", "part"}) {
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path) / inside, error);
    if (error) {
      const bool may_not = error == std::errc::permission_denied || error == std::errc::read_only_file_system;
      return Error{may_not ? Errc::refused : Errc::io, path + ": cannot be made: " + error.message()};
    }
  }
  return {};
}

void clear_kept_folder(const std::string& path) {
  constexpr std::string_view kTemporary = ".tmp";  // as write_file() names what it has not finished
  for (const char* const inside : {"", "new", "part"}) {
    std::error_code error;
    for (auto i = std::filesystem::directory_iterator(std::filesystem::path(path) / inside, error);
         !error && i != std::filesystem::directory_iterator(); i.increment(error)) {
      const std::string name = i->path().filename().string();
      const std::size_t mark = name.rfind(kTemporary);
      if (mark == name.npos) continue;
      const std::string_view number = std::string_view(name).substr(mark + kTemporary.size());
      if (!number.empty() && std::all_of(number.begin(), number.end(), is_digit)) unlink(i->path().c_str());
    }
  }
}

std::optional<Origin> KeptFile::whole_at(const std::string& path) {
  const auto size = size_of(path);
  auto origin = read_note(path);
  if (!size || !origin || *size != origin->bytes) return std::nullopt;
  return origin;
}

std::optional<KeptFile::Part> KeptFile::part() const {
  const auto size = size_of(part_path_);
  auto origin = read_note(part_path_);
  if (!size || !origin) return std::nullopt;
  return Part{std::move(*origin), *size};
}

Result<void> KeptFile::note_part(const Origin& origin) const {
  return write_note(part_path_, origin);
}

// A file without its note is fetched again; a note is never of another file than the one beside it.
Result<void> KeptFile::complete(const Origin& origin) const {
  if (auto synced = sync(part_path_); !synced) return synced;
  unlink(note_of(new_path_).c_str());
  unlink(note_of(part_path_).c_str());
  if (auto moved = move(part_path_, new_path_); !moved) return moved;
  return write_note(new_path_, origin);
}

Result<void> KeptFile::accept() const {
  unlink(note_of(path_).c_str());
  if (auto moved = move(new_path_, path_); !moved) return moved;
  return move(note_of(new_path_), note_of(path_));
}

Result<void> KeptFile::replace() const {
  auto origin = whole_at(path_);
  const auto size = size_of(new_path_);
  if (!origin || !size) return Error{Errc::io, path_ + ": cannot be replaced: there is nothing to replace it"};
  origin->bytes = *size;
  if (auto synced = sync(new_path_); !synced) return synced;
  if (auto noted = write_note(new_path_, *origin); !noted) return noted;
  return accept();
}

void KeptFile::forget() const {
  remove_with_note(path_);
}

void KeptFile::drop_new() const {
  remove_with_note(new_path_);
}

void KeptFile::drop_part() const {
  remove_with_note(part_path_);
}

}  // namespace initscan
