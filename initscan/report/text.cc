#include "initscan/report/text.h"

#include "common/text/plain_number.h"

#include <cstdint>

namespace initscan {
namespace {

// "99th" of 0.99214: it is likelier than 99 of a hundred.
std::string ordinal(double share) {
  constexpr double kRounding = 1e-9;  // 0.29 is a little less than that
  const auto hundredths = static_cast<unsigned>(share * 100 + kRounding);
  const unsigned last = hundredths % 10;
  const bool is_teen = hundredths / 10 % 10 == 1;
  const char* const suffix = is_teen || last == 0 || last > 3 ? "th" : last == 1 ? "st" : last == 2 ? "nd" : "rd";
  return std::to_string(hundredths) + suffix;
}

}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<std::uint8_t>(c) & 0xc0) != 0x80;
  return width;
}

std::string counted(std::size_t n, std::string_view singular, std::string_view plural) {
  return std::to_string(n) + ' ' + std::string(n == 1 ? singular : plural);
}

std::string words_of(const Exploitation& exploitation) {
  std::string words = exploitation.known_since.empty() ? "" : "known exploited since " + exploitation.known_since;
  if (exploitation.epss < 0) return words;
  words += (words.empty() ? "EPSS " : ", EPSS ") + plain_number(exploitation.epss);
  if (exploitation.percentile >= 0) words += " (" + ordinal(exploitation.percentile) + " percentile)";
  return words;
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
