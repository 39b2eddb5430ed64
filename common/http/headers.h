#pragma once

#include <string>
#include <utility>
#include <vector>

namespace initscan {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;  // names and values

}  // namespace initscan
