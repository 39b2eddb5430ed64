#pragma once

#include "common/cli/run.h"

namespace initscan::audit {

void add_run_command(CLI::App& app, Command& chosen);
void add_explain_command(CLI::App& app, Command& chosen);
void add_diff_command(CLI::App& app, Command& chosen);

}  // namespace initscan::audit
