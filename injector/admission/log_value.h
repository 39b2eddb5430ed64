#pragma once

#include <string>
#include <string_view>

namespace initscan::injector {

/// An untrusted value after "key=" in a line of the log: as it is where it is one plain word, otherwise in quotation
/// marks, as one line, so that it is neither another key nor another line.
std::string log_value(std::string_view text);

}  // namespace initscan::injector
