#include "common/cli/run.h"
#include "common/version.h"
#include "injector/commands.h"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app("Puts initscan's scanner in front of a pod's own containers.", "initscan-injector");
  app.set_version_flag("--version", std::string("initscan-injector ") + initscan::kVersion);
  app.footer("Exit codes: 0 done, 1 could not, 64 wrong usage.");
  app.require_subcommand(1);
  initscan::Command chosen;
  initscan::add_inject_command(app, chosen);
  initscan::add_uninject_command(app, chosen);
  initscan::add_serve_command(app, chosen);
  return initscan::run_program(app, chosen, argc, argv);
}
