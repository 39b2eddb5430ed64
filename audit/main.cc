#include "audit/commands/commands.h"
#include "common/version.h"

#include <string>

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app(
      "Finds containers that have been running for long and can change, and says what to rotate and how to make them "
      "immutable.",
      "initscan-audit");
  app.set_version_flag("--version", std::string("initscan-audit ") + initscan::kVersion);
  app.footer("Exit codes: 0 done, 1 could not decide, 2 failures as severe as --fail-on or worse, 64 wrong usage.");
  app.require_subcommand(1);
  initscan::Command chosen;
  initscan::audit::add_run_command(app, chosen);
  initscan::audit::add_explain_command(app, chosen);
  initscan::audit::add_diff_command(app, chosen);
  initscan::add_example(app, "initscan-audit run --report-dir reports");
  return initscan::run_program(app, chosen, argc, argv);
}
