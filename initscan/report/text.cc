#include "initscan/report/text.h"

#include <cstdint>

namespace initscan {

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<std::uint8_t>(c) & 0xc0) != 0x80;
  return width;
}

std::string counted(std::size_t n, std::string_view singular, std::string_view plural) {
  return std::to_string(n) + ' ' + std::string(n == 1 ? singular : plural);
}

std::string_view instead_of_fix(const Finding& finding) {
  if (finding.is_malicious) return "malware";
  switch (finding.status) {
    case FindingStatus::affected: return "no fix";
    case FindingStatus::will_not_fix: return "will not fix";
    case FindingStatus::deferred: return "deferred";
    case FindingStatus::end_of_life: return "end of life";
    case FindingStatus::under_investigation: return "under investigation";
    case FindingStatus::fix_needs_contract: return "fix only with Pro";
  }
  return "no fix";
}

}  // namespace initscan
