#include "initscan/source/directory_reader.h"
#include "initscan/source/open_file.h"
#include "initscan/source/open_in_root.h"
#include "initscan/source/rootfs.h"

#include <cerrno>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>

namespace initscan {
namespace {

// By one name of its folder: neither a link nor a mount point is entered.
Descriptor open_entry(int folder, const char* name, int flags) {
  return open_below(folder, name, flags | O_NOFOLLOW, RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);
}

Descriptor enter(int folder, const char* name) {
  return open_entry(folder, name, O_RDONLY | O_DIRECTORY);
}

Result<struct stat> status_of(int folder, const char* name) {
  struct stat status {};
  if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return system_error("stat", errno);
  return status;
}

FileKind kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return FileKind::regular;
    case S_IFDIR: return FileKind::folder;
    case S_IFLNK: return FileKind::link;
    default: return FileKind::other;
  }
}

// Some file systems do not say the type with the name.
Result<FileKind> kind_of(int folder, const DirectoryReader::Entry& entry) {
  if (entry.type != DT_UNKNOWN) return kind_of(static_cast<mode_t>(DTTOIF(entry.type)));
  const auto status = status_of(folder, entry.name);
  if (!status) return status.error();
  return kind_of(status->st_mode);
}

class FoundEntry : public FileEntry {
 public:
  FoundEntry(int folder, int own_files, const char* name, std::string_view path, FileKind kind)
      : folder_(folder), own_files_(own_files), name_(name), path_(path), kind_(kind) {}

  std::string_view path() const override { return path_; }
  FileKind kind() const override { return kind_; }
  std::optional<std::size_t> layer() const override { return std::nullopt; }

  Result<FileAttributes> attributes() const override {
    const auto status = status_of(folder_, name_);
    if (!status) return status.error();
    return FileAttributes{static_cast<std::uint64_t>(status->st_size), status->st_mode & ALLPERMS, status->st_uid,
                          status->st_gid};
  }

  Result<std::unique_ptr<FileView>> open() const override {
    const Descriptor place = open_entry(folder_, name_, O_PATH);
    if (!place.is_open()) return system_error("open", errno);
    return open_file(own_files_, place, [this](int flags) { return open_entry(folder_, name_, flags); });
  }

 private:
  int folder_;
  int own_files_;
  const char* name_;
  std::string_view path_;
  FileKind kind_;
};

// A folder on the way from the root down to where the visit is.
struct Step {
  DirectoryReader reader;
  std::size_t path_bytes;  // of the path to it, with a slash at its end
};

class Visit {
 public:
  Visit(int own_files, const FileVisitor& visitor) : own_files_(own_files), visitor_(visitor) {}

  Coverage run(Descriptor root) {
    coverage_.is_stated = true;
    if (!root.is_open()) {
      ++coverage_.unreadable;
      return std::move(coverage_);
    }
    way_.push_back({DirectoryReader(std::move(root)), 0});
    while (!way_.empty()) {
      const auto entry = way_.back().reader.next();
      if (!entry) {
        if (way_.back().reader.error() != 0) ++coverage_.unreadable;
        way_.pop_back();
      } else if (coverage_.files_seen == kMaxEntries) {
        coverage_.truncated = true;
        break;
      } else {
        meet(*entry);
      }
    }
    return std::move(coverage_);
  }

 private:
  void meet(const DirectoryReader::Entry& entry) {
    ++coverage_.files_seen;
    const int folder = way_.back().reader.fd();
    const auto kind = kind_of(folder, entry);
    if (!kind) {
      ++coverage_.unreadable;
      return;
    }
    if (visitor_) {
      path_.resize(way_.back().path_bytes);
      path_ += entry.name;
      visitor_(FoundEntry(folder, own_files_, entry.name, path_, *kind));
    }
    if (*kind == FileKind::folder) descend(folder, entry.name);
  }

  void descend(int folder, const char* name) {
    if (way_.size() == kMaxDepth) {
      coverage_.truncated = true;
      return;
    }
    Descriptor opened = enter(folder, name);
    if (opened.is_open()) {
      if (visitor_) path_ += '/';
      way_.push_back({DirectoryReader(std::move(opened)), path_.size()});
    } else if (errno == EXDEV) {
      ++coverage_.other_mounts;
    } else {
      ++coverage_.unreadable;
    }
  }

  int own_files_;
  const FileVisitor& visitor_;
  Coverage coverage_;
  std::vector<Step> way_;
  std::string path_;  // of the entry that is shown
};

}  // namespace

Coverage RootFs::visit(const FileVisitor& visitor) const {
  return Visit(own_files_.fd(), visitor).run(enter(root_.fd(), "."));
}

}  // namespace initscan
