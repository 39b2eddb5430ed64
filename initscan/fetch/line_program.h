#pragma once

#include "common/result.h"
#include "initscan/fetch/fetch_line.h"

#include <functional>
#include <string>
#include <vector>

namespace initscan {

/// Runs a program that has the network and says on its standard output, line by line, what becomes of each thing that
/// it was told to do: one line for each of `names`, in their order. `words` are its path and its arguments; `progress`
/// hears of them meanwhile. Errors: not_found, refused, io - it cannot be started.
Result<std::vector<FetchLine>> run_line_program(const std::vector<std::string>& words,
                                                const std::vector<std::string>& names,
                                                const std::function<void(const FetchLine&)>& progress);

}  // namespace initscan
