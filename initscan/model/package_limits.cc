#include "initscan/model/package_limits.h"

#include <initializer_list>
#include <string_view>

namespace initscan {
namespace {

struct Field {
  std::string_view called;
  const std::string& value;
  std::size_t most;
};

std::string first_too_long(std::initializer_list<Field> fields) {
  for (const auto& [called, value, most] : fields) {
    if (value.size() <= most) continue;
    return "its " + std::string(called) + " is longer than " + std::to_string(most) + " bytes";
  }
  return {};
}

}  // namespace

std::string too_long_in(const Package& package) {
  return first_too_long({{"name", package.name, kMaxNameBytes},
                         {"version", package.version, kMaxVersionBytes},
                         {"architecture", package.architecture, kMaxArchitectureBytes},
                         {"source's name", package.source_name, kMaxNameBytes},
                         {"source's version", package.source_version, kMaxVersionBytes},
                         {"path", package.path, kMaxPathBytes},
                         {"module", package.module, kMaxModuleBytes}});
}

std::string too_long_in(const OsRelease& os) {
  return first_too_long({{"id", os.id, kMaxReleaseBytes},
                         {"version", os.version_id, kMaxReleaseBytes},
                         {"codename", os.version_codename, kMaxReleaseBytes}});
}

}  // namespace initscan
