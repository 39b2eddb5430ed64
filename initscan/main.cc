#include "common/cli/run.h"
#include "common/version.h"
#include "initscan/commands/commands.h"

#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

namespace initscan {

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
  CLI::App app("Scans what an image contains and decides whether it may run.", "initscan");
  app.footer(
      "`initscan help ID` explains what a report names in brackets or under STATUS.\n"
      "Exit codes: 0 pass, 1 could not decide, 2 policy failed, 64 wrong usage.");
  app.set_version_flag("--version", std::string("initscan ") + initscan::kVersion, "Print the version");
  app.require_subcommand(1);
  initscan::Command chosen;
  initscan::add_rootfs_command(app, chosen);
  initscan::add_sbom_command(app, chosen);
  initscan::add_gate_command(app, chosen);
  initscan::add_db_command(app, chosen);
  initscan::add_policy_command(app, chosen);
  initscan::add_install_command(app, chosen);
  initscan::add_help_command(app, chosen);
  initscan::add_version_command(app, chosen);
  initscan::add_example(app, "initscan rootfs ./unpacked-image --db advisories.db --policy policy.yaml");
  return initscan::run_program(app, chosen, argc, argv);
}
