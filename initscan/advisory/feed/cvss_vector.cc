#include "initscan/advisory/feed/cvss_vector.h"

namespace initscan {

std::optional<CvssMetrics> cvss_metrics(std::string_view fields) {
  CvssMetrics metrics;
  for (bool more = true; more;) {
    const std::size_t end = fields.find('/');
    const std::string_view field = fields.substr(0, end);
    const std::size_t colon = field.find(':');
    if (colon == field.npos || colon == 0 || colon + 1 == field.size()) return std::nullopt;
    if (!metrics.emplace(field.substr(0, colon), field.substr(colon + 1)).second) return std::nullopt;
    more = end != fields.npos;
    fields.remove_prefix(more ? end + 1 : fields.size());
  }
  return metrics;
}

}  // namespace initscan
