#include "initscan/confine/hide.h"

#include <cerrno>
#include <cstring>

#include <sys/prctl.h>

namespace initscan {

Result<void> hide_memory() {
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0) return {};
  return Error{Errc::io, std::string("cannot hide its memory: ") + std::strerror(errno)};
}

}  // namespace initscan
