#pragma once

#include "common/cli/run.h"

namespace initscan::injector {

// Each adds one subcommand of `initscan-injector` to `app`; choosing it sets `chosen`.
void add_inject_command(CLI::App& app, Command& chosen);
void add_uninject_command(CLI::App& app, Command& chosen);
void add_check_command(CLI::App& app, Command& chosen);
void add_explain_command(CLI::App& app, Command& chosen);
void add_serve_command(CLI::App& app, Command& chosen);

}  // namespace initscan::injector
