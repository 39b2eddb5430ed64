#include "common/cli/run.h"

#include "common/visible.h"

#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

namespace initscan {
namespace {

int complain(const CLI::App& app, const std::string& text, ExitCode code) {
  std::fprintf(stderr, "%s: error: %s\n", app.get_name().c_str(), visible(text).c_str());
  return static_cast<int>(code);
}

}  // namespace

int run_program(CLI::App& app, Command& chosen, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) { return app.exit(help); } catch (const CLI::ParseError& error) {
    return complain(app, std::string(error.what()) + "; see " + app.get_name() + " --help", ExitCode::usage);
  }
  try {
    const auto code = chosen();
    if (!code) return complain(app, code.error().text, exit_code_of(code.error().code));
    return static_cast<int>(*code);
  } catch (const std::exception& e) { return complain(app, std::string("internal: ") + e.what(), ExitCode::undecided); }
}

}  // namespace initscan
