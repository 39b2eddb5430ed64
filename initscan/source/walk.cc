#include "initscan/source/directory_reader.h"
#include "initscan/source/open_in_root.h"
#include "initscan/source/rootfs.h"

#include <cerrno>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>

namespace initscan {
namespace {

// Opens a folder by one name of its parent: neither a link nor a mount point is entered.
Descriptor enter(int parent, const char* name) {
  return open_below(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);
}

}  // namespace

Coverage RootFs::walk() const {
  Coverage coverage;
  coverage.is_stated = true;
  std::vector<DirectoryReader> way;  // from the root down to where we are
  Descriptor root = enter(root_.fd(), ".");
  if (!root.is_open()) {
    ++coverage.unreadable;
    return coverage;
  }
  way.emplace_back(std::move(root));

  while (!way.empty()) {
    const auto entry = way.back().next();
    if (!entry) {
      if (way.back().error() != 0) ++coverage.unreadable;
      way.pop_back();
      continue;
    }
    if (coverage.files_seen == kMaxEntries) {
      coverage.truncated = true;
      break;
    }
    ++coverage.files_seen;
    // Some file systems do not say the type: opening as a folder finds out, and opens nothing else.
    if (entry->type != DT_DIR && entry->type != DT_UNKNOWN) continue;
    if (way.size() == kMaxDepth) {
      coverage.truncated = true;
      continue;
    }
    Descriptor folder = enter(way.back().fd(), entry->name);
    if (folder.is_open()) {
      way.emplace_back(std::move(folder));
    } else if (errno == EXDEV) {
      ++coverage.other_mounts;
    } else if (entry->type == DT_DIR) {
      ++coverage.unreadable;
    }
  }
  return coverage;
}

}  // namespace initscan
