#pragma once

#include "common/text/ascii.h"
#include "common/text/words.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace initscan {

inline constexpr unsigned kBitsOfNumber = 32;

/// The place of a CVE, in whatever case, in an overlay's order: its year, then its number. nullopt of any other name,
/// and of a number of more than nine digits.
constexpr std::optional<std::uint64_t> cve_key(std::string_view id) {
  constexpr std::string_view kHead = "CVE-";
  constexpr std::size_t kYear = 4;
  constexpr std::size_t kMostDigits = 9;
  if (!is_same_word(id.substr(0, kHead.size()), kHead)) return std::nullopt;
  id.remove_prefix(kHead.size());
  if (id.size() < kYear + 2 || id.size() > kYear + 1 + kMostDigits || id[kYear] != '-') return std::nullopt;
  std::uint64_t year = 0;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (i == kYear) continue;
    if (!is_digit(id[i])) return std::nullopt;
    std::uint64_t& part = i < kYear ? year : number;
    part = part * 10 + static_cast<std::uint64_t>(id[i] - '0');
  }
  return year << kBitsOfNumber | number;
}

}  // namespace initscan
