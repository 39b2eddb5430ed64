#include "initscan/confine/confine.h"

#include "initscan/confine/landlock.h"
#include "initscan/confine/sanitized.h"
#include "initscan/confine/seccomp_filter.h"

#include <cerrno>
#include <cstring>

#include <sys/prctl.h>

namespace initscan {

Result<std::string> confine(const std::vector<std::string>& readable) {
  if (kIsSanitized) return std::string("none");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return Error{Errc::unsupported, std::string("no_new_privs: ") + std::strerror(errno)};
  }
  const auto landlock = restrict_files(readable);
  if (!landlock) return landlock.error();
  if (auto filter = restrict_system_calls(); !filter) return filter.error();
  return std::string(*landlock ? "seccomp+landlock" : "seccomp");
}

}  // namespace initscan
