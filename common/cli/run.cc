#include "common/cli/run.h"

#include "common/text/visible.h"

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

// A first word that is no command; CLI11 would only say that one is missing.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  if (argc < 2 || argv[1][0] == '-' || commands.empty()) return {};
  for (const CLI::App* command : commands) {
    if (command->get_name() == argv[1]) return {};
  }
  std::string text = "there is no command \"" + std::string(argv[1]) + "\"; want one of ";
  for (std::size_t i = 0; i < commands.size(); ++i) text += (i > 0 ? ", " : "") + commands[i]->get_name();
  return text;
}

}  // namespace

void add_example(CLI::App& command, const std::string& lines) {
  command.footer("Example: " + lines + '\n' + command.get_footer());
}

int run_program(CLI::App& app, Command& chosen, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) { return app.exit(help); } catch (const CLI::ParseError& error) {
    if (const std::string unknown = unknown_command(app, argc, argv); !unknown.empty()) {
      return complain(app, unknown, ExitCode::usage);
    }
    return complain(app, std::string(error.what()) + "; see " + app.get_name() + " --help", ExitCode::usage);
  }
  try {
    const auto code = chosen();
    if (!code) return complain(app, code.error().text, exit_code_of(code.error().code));
    return static_cast<int>(*code);
  } catch (const std::exception& e) { return complain(app, std::string("internal: ") + e.what(), ExitCode::undecided); }
}

}  // namespace initscan
