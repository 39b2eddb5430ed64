#pragma once

#include "common/cli/run.h"

namespace initscan::server {

// Each adds one subcommand of `initscan-server` to `app`; choosing it sets `chosen`.
void add_serve_command(CLI::App& app, Command& chosen);
void add_watch_command(CLI::App& app, Command& chosen);

}  // namespace initscan::server
