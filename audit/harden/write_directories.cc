#include "audit/harden/write_directories.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace initscan::audit {
namespace {

// Whole trees that any image can do without: the volume is mounted at the tree's root.
constexpr std::string_view kTemporary[] = {"/tmp", "/var/tmp"};

// Trees whose directories may each be empty at start: the volume is mounted where the write is.
constexpr std::string_view kScratch[] = {"/run", "/var/run", "/var/log", "/var/cache", "/var/spool", "/var/lock"};

// Too wide to be emptied, although a file may be written directly into them.
constexpr std::string_view kWide[] = {"/var/cache", "/var/spool"};

// Written by the kubelet and the runtime, whatever the container does.
constexpr std::string_view kOfTheRuntime[] = {"/dev",
                                              "/proc",
                                              "/sys",
                                              "/etc/hosts",
                                              "/etc/hostname",
                                              "/etc/resolv.conf",
                                              "/etc/mtab",
                                              "/.dockerenv",
                                              "/run/.containerenv",
                                              "/run/secrets",
                                              "/var/run/secrets",
                                              "/run/initscan"};

template <class Range>
bool is_in_any(std::string_view path, const Range& folders) {
  return std::any_of(std::begin(folders), std::end(folders),
                     [&](std::string_view f) { return is_at_or_below(path, f); });
}

std::string_view parent_of(std::string_view path) {
  return path.substr(0, path.rfind('/'));  // of "/a": ""
}

using Tree = std::map<std::string, FileChange, std::less<>>;

// A write, by its deepest path.
class Placer {
 public:
  Placer(const Tree& tree, const std::vector<std::string>& scratch) : tree_(tree), scratch_(scratch) {}

  // Where a volume takes this write; nothing where none can.
  std::optional<std::string> place(const FileChange& leaf) const {
    for (const std::string_view root : kTemporary) {
      if (is_at_or_below(leaf.path, root)) return std::string(root);
    }
    if (const std::string* known = known_scratch(leaf.path)) return *known;
    if (leaf.kind == FileChange::Kind::added) {
      if (auto made = topmost_made(leaf)) return made;
    }
    if (leaf.is_directory && can_stand_empty(leaf.path)) return leaf.path;
    if (can_stand_empty(parent_of(leaf.path))) return std::string(parent_of(leaf.path));
    return std::nullopt;
  }

 private:
  const std::string* known_scratch(std::string_view path) const {
    for (const std::string& folder : scratch_) {
      if (is_at_or_below(path, folder)) return &folder;
    }
    return nullptr;
  }

  // The highest directory on the way that the container made itself: the image has nothing below it.
  std::optional<std::string> topmost_made(const FileChange& leaf) const {
    std::optional<std::string> highest;
    if (leaf.is_directory) highest = leaf.path;
    for (std::string_view path = parent_of(leaf.path); !path.empty(); path = parent_of(path)) {
      const auto entry = tree_.find(path);
      if (entry == tree_.end() || entry->second.kind != FileChange::Kind::added) break;
      highest = path;
    }
    return highest;
  }

  static bool can_stand_empty(std::string_view path) {
    return is_in_any(path, kScratch) && std::find(std::begin(kWide), std::end(kWide), path) == std::end(kWide);
  }

  const Tree& tree_;
  const std::vector<std::string>& scratch_;
};

bool is_above_a_mount(std::string_view path, const std::vector<Mount>& mounts) {
  return std::any_of(mounts.begin(), mounts.end(), [&](const Mount& m) { return is_at_or_below(m.path, path); });
}

Tree tree_of(std::vector<FileChange> changes) {
  std::sort(changes.begin(), changes.end());
  Tree tree;
  for (FileChange& change : changes) {
    std::string path = change.path;
    const auto [entry, is_new] = tree.try_emplace(std::move(path), std::move(change));
    if (!is_new) entry->second.is_directory |= change.is_directory;
  }
  return tree;
}

// An entry with others below it is a directory on their path, not a separate write.
bool has_entry_below(const Tree& tree, const std::string& path) {
  return tree.lower_bound(path + '/') != tree.lower_bound(path + '0');  // '0' follows '/'
}

}  // namespace

bool is_at_or_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

const Mount* mount_of(const std::vector<Mount>& mounts, std::string_view path) {
  const Mount* deepest = nullptr;
  for (const Mount& mount : mounts) {
    if (is_at_or_below(path, mount.path) && (!deepest || mount.path.size() > deepest->path.size())) deepest = &mount;
  }
  return deepest;
}

WriteDirectories write_directories(std::vector<FileChange> changes, const std::vector<Mount>& mounts,
                                   const std::vector<std::string>& scratch) {
  const Tree tree = tree_of(std::move(changes));
  const Placer placer(tree, scratch);
  std::set<std::string> places;
  WriteDirectories found;
  for (const auto& [path, change] : tree) {
    if (has_entry_below(tree, path) || is_in_any(path, kOfTheRuntime)) continue;
    if (mount_of(mounts, path) || is_above_a_mount(path, mounts)) continue;
    if (auto place = placer.place(change)) {
      places.insert(std::move(*place));
    } else {
      found.left_out.push_back(path);
    }
  }
  // Order is not enough: "/a-b" sorts between "/a" and "/a/b".
  for (const std::string& place : places) {
    bool is_covered = false;
    for (std::string_view above = parent_of(place); !above.empty() && !is_covered; above = parent_of(above)) {
      is_covered = places.count(std::string(above)) > 0;
    }
    if (!is_covered) found.directories.push_back(place);
  }
  std::erase_if(found.left_out, [&](const std::string& path) { return is_in_any(path, found.directories); });
  return found;
}

}  // namespace initscan::audit
