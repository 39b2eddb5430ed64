#pragma once

#include "common/result.h"
#include "initscan/fetch/fetch_line.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace initscan {

struct FetchTask {
  std::string name;  // of its file in the folder; see is_fetch_name()
  std::string url;
};

/// Has `program`, initscan-fetch, bring files into a folder, as KeptFile keeps them there: what has the network reads
/// none of them. One line for each task, in their order, says what became of it; `progress` hears of them meanwhile.
/// None may have more than `most_bytes`. Errors: not_found, io - it cannot be started.
Result<std::vector<FetchLine>> fetch_all(const std::string& program, const std::string& folder,
                                         const std::string& ca_file, const std::vector<FetchTask>& tasks,
                                         std::uint64_t most_bytes,
                                         const std::function<void(const FetchLine&)>& progress);

}  // namespace initscan
