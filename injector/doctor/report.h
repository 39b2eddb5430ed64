#pragma once

#include "common/exit_code.h"
#include "injector/doctor/item.h"

#include <string>
#include <vector>

namespace initscan::injector {

/// One line for each item: state, name, fact, and what to do.
std::string check_table(const std::vector<CheckItem>& items);

/// {"result": "ok|wrong|undecided", "items": [{"name", "state", "fact", "advice"}]}.
std::string check_json(const std::vector<CheckItem>& items);

/// policy_failed (2) where something is wrong; else undecided (1) where something is unknown; else pass.
ExitCode check_exit_code(const std::vector<CheckItem>& items);

}  // namespace initscan::injector
