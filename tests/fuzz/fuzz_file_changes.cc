#include "audit/harden/write_directories.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

// The first line is a path that is mounted, the rest a listing: what is read can be planned for, and never on a mount.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace initscan::audit;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view mount = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), mount.size() + 1));
  const auto changes = parse_file_changes(text);
  if (!changes) return 0;
  const std::vector<Mount> mounts(1, Mount{"v", std::string(mount), "", false, false});
  for (const std::string& directory : write_directories(*changes, mounts, {"/data"}).directories) {
    if (mount_of(mounts, directory) || directory.empty() || directory == "/") std::abort();
  }
  return 0;
}
