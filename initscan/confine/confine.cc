#include "initscan/confine/confine.h"

#include "initscan/confine/landlock.h"
#include "initscan/confine/seccomp_filter.h"

#include <cerrno>
#include <cstring>

#include <sys/prctl.h>

namespace initscan {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // g++
#define INITSCAN_SANITIZED 1
#elif defined(__has_feature)  // Clang
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define INITSCAN_SANITIZED 1
#endif
#endif

#ifdef INITSCAN_SANITIZED

Result<std::string> confine(const std::vector<std::string>&) {
  return std::string("none");
}

#else

Result<std::string> confine(const std::vector<std::string>& readable) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return Error{Errc::unsupported, std::string("no_new_privs: ") + std::strerror(errno)};
  }
  const auto landlock = restrict_files(readable);
  if (!landlock) return landlock.error();
  if (auto filter = restrict_system_calls(); !filter) return filter.error();
  return std::string(*landlock ? "seccomp+landlock" : "seccomp");
}

#endif

}  // namespace initscan
