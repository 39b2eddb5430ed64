#include "common/cli/run.h"
#include "common/version.h"
#include "injector/commands/commands.h"

#include <string_view>

#include <CLI/CLI.hpp>

namespace {

// kubectl runs what is called kubectl-NAME as `kubectl NAME`: a link to this program.
bool is_plugin(std::string_view called_as) {
  return called_as.substr(called_as.rfind('/') + 1) == "kubectl-initscan";
}

}  // namespace

int main(int argc, char** argv) {
  const bool plugin = argc > 0 && is_plugin(argv[0]);
  const std::string name = plugin ? "kubectl initscan" : "initscan-injector";
  CLI::App app("Puts initscan's scanner in front of a pod's own containers.", name);
  app.set_version_flag("--version", name + ' ' + initscan::kVersion);
  app.footer("Exit codes: 0 done, 1 failed, 2 check has found something wrong, 64 wrong usage.");
  app.require_subcommand(1);
  initscan::Command chosen;
  initscan::injector::add_inject_command(app, chosen);
  initscan::injector::add_uninject_command(app, chosen);
  initscan::injector::add_check_command(app, chosen);
  initscan::injector::add_explain_command(app, chosen);
  if (!plugin) initscan::injector::add_serve_command(app, chosen);
  initscan::add_example(app, name + " inject -f deployment.yaml");
  return initscan::run_program(app, chosen, argc, argv);
}
