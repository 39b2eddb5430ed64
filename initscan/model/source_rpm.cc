#include "initscan/model/source_rpm.h"

#include <algorithm>

namespace initscan {

std::optional<SourceRpm> source_rpm_of(std::string_view file_name) {
  const std::size_t tail = std::min(file_name.rfind(".src.rpm"), file_name.rfind(".nosrc.rpm"));
  const std::string_view stem = file_name.substr(0, tail);
  const std::size_t release = stem.rfind('-');
  const std::size_t version = release == stem.npos || release == 0 ? stem.npos : stem.rfind('-', release - 1);
  if (tail == file_name.npos || version == stem.npos || version == 0) return std::nullopt;
  return SourceRpm{stem.substr(0, version), stem.substr(version + 1)};
}

}  // namespace initscan
