#include <cstdio>
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "common/version.h"
#include "initscan/commands.h"

namespace initscan {
namespace {

int complain(const std::string& text, ExitCode code) {
  std::fprintf(stderr, "initscan: error: %s\n", text.c_str());
  return static_cast<int>(code);
}

int run(int argc, char** argv) {
  CLI::App app("Looks at what an image holds and says whether it may run.", "initscan");
  app.footer("Exit codes: 0 pass, 1 could not decide, 2 policy failed, 64 wrong usage.");
  app.require_subcommand(1);
  Command chosen;
  add_rootfs_command(app, chosen);
  add_gate_command(app, chosen);
  add_db_command(app, chosen);
  add_install_command(app, chosen);
  add_version_command(app, chosen);

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return complain(std::string(error.what()) + "; see initscan --help", ExitCode::usage);
  }
  const auto code = chosen();
  if (!code) return complain(code.error().text, exit_code_of(code.error().code));
  return static_cast<int>(*code);
}

}  // namespace

void add_version_command(CLI::App& app, Command& chosen) {
  auto* command = app.add_subcommand("version", "Print the version");
  command->callback([&chosen] {
    chosen = []() -> Result<ExitCode> {
      std::printf("initscan %s\n", kVersion);
      return ExitCode::pass;
    };
  });
}

}  // namespace initscan

int main(int argc, char** argv) {
  try {
    return initscan::run(argc, argv);
  } catch (const std::exception& e) {
    return initscan::complain(std::string("internal: ") + e.what(), initscan::ExitCode::undecided);
  }
}
