#pragma once

#include "audit/harden/file_changes.h"
#include "audit/model/pod.h"

#include <string>
#include <string_view>
#include <vector>

namespace initscan::audit {

/// Whether `path` is `folder` or is below it. Both absolute, without a slash at their ends.
bool is_at_or_below(std::string_view path, std::string_view folder);

/// The mount that holds `path`: the deepest; nullptr where it is the root file system's.
const Mount* mount_of(const std::vector<Mount>& mounts, std::string_view path);

// Where a container writes, as the directories that would have to be volumes.
struct WriteDirectories {
  std::vector<std::string> directories;  // sorted; none at, below or above another
  std::vector<std::string> left_out;     // written paths that no volume can take; sorted
};

/// The fewest directories that take every write of `changes`, without hiding anything that the image needs:
///  - a directory that the container itself made, or
///  - a directory of the image for scratch: /tmp, /var/tmp, /run, those of logs, caches and spools, and `scratch`
///    (directories that are known to be empty in the image).
/// What else was written is left out, and so is a file of the image that was changed or deleted elsewhere. What
/// is on a mount, and what the runtime itself writes (/dev, /etc/hosts, ...), is not counted as a write.
/// The order of `changes` does not matter.
WriteDirectories write_directories(std::vector<FileChange> changes, const std::vector<Mount>& mounts,
                                   const std::vector<std::string>& scratch);

}  // namespace initscan::audit
