#pragma once

#include "common/exit_code.h"
#include "common/result.h"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace initscan {

// What a command line asked for: runs after it has been read as a whole.
using Command = std::function<Result<ExitCode>()>;

/// Puts an example in front of what the command's help ends with: one or more whole command lines.
void add_example(CLI::App& command, const std::string& lines);

/// Reads the command line, whose subcommands set `chosen`, and runs what it asked for. Prints the help, or one
/// line `PROGRAM: error: PLACE: FACT` to standard error. Returns the exit code.
int run_program(CLI::App& app, Command& chosen, int argc, char** argv);

}  // namespace initscan
