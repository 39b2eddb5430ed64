#include "initscan/confine/landlock.h"

#include "common/descriptor.h"

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace initscan {
namespace {

// The kernel's newest structure; an older kernel is given the part that it knows. linux/landlock.h of
// Debian 12 has the first field only. Source: Documentation/userspace-api/landlock.rst.
struct RulesetAttributes {
  std::uint64_t files = 0;
  std::uint64_t network = 0;  // since ABI 4
  std::uint64_t scoped = 0;   // since ABI 6
};

constexpr std::uint64_t kFilesAbi1 = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
constexpr std::uint64_t kRefer = 1ull << 13;     // ABI 2
constexpr std::uint64_t kTruncate = 1ull << 14;  // ABI 3
constexpr std::uint64_t kIoctlDev = 1ull << 15;  // ABI 5
constexpr std::uint64_t kBindAndConnect = 3;     // ABI 4
constexpr std::uint64_t kSocketsAndSignals = 3;  // ABI 6

RulesetAttributes everything_of(long abi) {
  RulesetAttributes attributes;
  attributes.files = kFilesAbi1;
  if (abi >= 2) attributes.files |= kRefer;
  if (abi >= 3) attributes.files |= kTruncate;
  if (abi >= 4) attributes.network = kBindAndConnect;
  if (abi >= 5) attributes.files |= kIoctlDev;
  if (abi >= 6) attributes.scoped = kSocketsAndSignals;
  return attributes;
}

std::size_t size_of(long abi) {
  return abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
}

Error failed(const std::string& place) {
  return {Errc::io, place + ": " + std::strerror(errno)};
}

Result<void> allow_reading(int ruleset, const std::string& path) {
  const Descriptor place(open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!place.is_open()) return failed(path + ": cannot open");
  struct stat status {};
  if (fstat(place.fd(), &status) != 0) return failed(path + ": cannot stat");

  landlock_path_beneath_attr rule{};
  rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
  if (S_ISDIR(status.st_mode)) rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
  rule.parent_fd = place.fd();
  if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) return failed("landlock");
  return {};
}

}  // namespace

Result<bool> restrict_files(const std::vector<std::string>& readable) {
  const long abi = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) return false;

  const RulesetAttributes attributes = everything_of(abi);
  const Descriptor ruleset(static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, size_of(abi), 0)));
  if (!ruleset.is_open()) return failed("landlock");
  for (const std::string& path : readable) {
    if (auto allowed = allow_reading(ruleset.fd(), path); !allowed) return allowed.error();
  }
  if (syscall(SYS_landlock_restrict_self, ruleset.fd(), 0) != 0) return failed("landlock");
  return true;
}

}  // namespace initscan
