#pragma once

#include "initscan/model/finding.h"

#include <string>
#include <string_view>

namespace initscan {

/// Characters of UTF-8 text: its width in a table (wide and combining ones are counted as one).
std::size_t width_of(std::string_view text);

/// "1 package", "2 packages".
std::string counted(std::size_t n, std::string_view singular, std::string_view plural);

/// "known exploited since 2021-12-10, EPSS 0.94 (99th percentile)", as far as it is known; "" where nothing is.
std::string words_of(const Exploitation& exploitation);

/// What there is to do about a finding without a fixed version: "no fix", "will not fix".
std::string_view instead_of_fix(const Finding& finding);

}  // namespace initscan
